"""Steps that are neither add, change nor delete: publish, retire, close. GET asks, POST takes the step."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from tenancy.console.access import Access, access_of
from tenancy.console.admin import TenantModelAdmin


@dataclass(frozen=True, slots=True)
class Step:
    """`take(access, row)` calls the app's service and answers what to tell afterwards."""

    name: str
    button: str
    ask: Callable[[Any], str]
    take: Callable[[Access, Any], str]


class StepAdmin(TenantModelAdmin):
    """A model admin with steps. Each is a page of its own, `<id>/<name>/`, for whoever has the capability to write."""

    steps: tuple[Step, ...] = ()
    change_form_outer_before_template = "console/steps.html"

    def open_steps(self, request: HttpRequest, row: Any) -> list[Step]:
        """The steps that this person may take with this row now."""
        allowed = self.write is not None and access_of(request).allows(self.write) and self.may_touch(request, row)
        return [step for step in self.steps if self.makes_sense(step, row)] if allowed else []

    def makes_sense(self, step: Step, row: Any) -> bool:
        """Whether the step still changes something."""
        return True

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return tuple((f"<uuid:key>/{step.name}/", self.step_url(step), self._view(step)) for step in self.steps)

    def step_url(self, step: Step) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{step.name}"

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        row = kwargs.get("obj")
        if row is not None:
            context["steps"] = [
                (step.button, reverse(f"admin:{self.step_url(step)}", args=[row.pk]))
                for step in self.open_steps(request, row)
            ]
        return super().render_change_form(request, context, *args, **kwargs)

    def _view(self, step: Step) -> Callable[..., HttpResponseBase]:
        def view(request: HttpRequest, key: UUID, model_admin: object) -> HttpResponseBase:
            if request.method not in ("GET", "POST"):
                return HttpResponseNotAllowed(["GET", "POST"])
            return self._guarded(request, lambda: self._step(request, step, key))

        return view

    def _step(self, request: HttpRequest, step: Step, key: UUID) -> HttpResponseBase:
        if self.write is None or not access_of(request).allows(self.write):
            raise PermissionDenied
        row = self.get_object(request, str(key))
        if row is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, str(key))
            return missing
        if step not in self.open_steps(request, row):
            raise PermissionDenied
        if request.method == "POST":
            messages.success(request, step.take(access_of(request), row))
            return HttpResponseRedirect(reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist"))
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk])
        context = self.admin_site.each_context(request) | {
            "title": f"{step.button}: {row}",
            "opts": self.opts,
            "question": step.ask(row),
            "button": step.button,
            "back": back,
        }
        return TemplateResponse(request, "console/confirm.html", context)
