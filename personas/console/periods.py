"""The console's pages of moods and dates: lists and forms in the zone of whoever looks; what is over is locked."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.template.response import TemplateResponse
from django.utils import timezone

from personas import services
from personas.console import timeline
from personas.console.timeline_page import mood_and_schedule, prefilled
from personas.models import Period
from tenancy.console.access import Access
from tenancy.console.admin import TenantModelAdmin
from tenancy.console.forms import ConsoleForm
from tenancy.roles import Capability

TIMES = ("starts_at", "ends_at")


class PeriodForm(ConsoleForm):
    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        before = None if self.instance._state.adding else self.instance
        problem = services.period_problem(before, starts, ends) if starts and ends else None
        if problem:
            self.add_error(*problem)
        return cleaned

    def _post_clean(self) -> None:
        # The database's own constraint says the same in worse words.
        if not self.errors:
            super()._post_clean()  # type: ignore[misc]  # Django's hook; its stubs leave it out


class PeriodAdmin(TenantModelAdmin):
    read = Capability.READ_PERSONA
    write = Capability.EDIT_PERSONA
    verbs = frozenset({"add", "change", "delete"})
    form = PeriodForm
    date_hierarchy = "starts_at"
    change_form_outer_before_template = "console/period.html"

    def may_touch(self, request: HttpRequest, obj: object) -> bool:
        return not isinstance(obj, Period) or obj.ends_at > timezone.now()

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in TIMES:
            kwargs["help_text"] = f"Time in {timeline.zone_of_person(request.user).key}."
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """As Django has it, but with moments for times: its widget takes no text."""
        named = super().get_changeform_initial_data(request)
        return {name: value for name, value in named.items() if name not in TIMES} | prefilled(request)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return _in_zone(request, lambda: super(PeriodAdmin, self).changelist_view(request, extra_context))

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        told = {"zone": timeline.zone_of_person(request.user).key} | (extra_context or {})
        return _in_zone(request, lambda: super(PeriodAdmin, self).changeform_view(request, object_id, form_url, told))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        period = kwargs.get("obj")
        context["is_over"] = period is not None and not self.may_touch(request, period)
        return super().render_change_form(request, context, *args, **kwargs)

    def write_row(self, access: Access, obj: Period, form: Any) -> None:
        services.save_period(access.artist, obj, actor=access.actor)

    def remove_row(self, access: Access, obj: Period) -> None:
        services.remove_period(access.artist, obj, actor=access.actor)


class MoodAdmin(PeriodAdmin):
    list_display = ("label", "line", "starts_at", "ends_at")
    fields = ("label", "line", "starts_at", "ends_at")
    search_fields = ("label", "line")

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (*super().get_custom_urls(), ("timeline/", "personas_mood_timeline", self.timeline_view))

    def timeline_view(self, request: HttpRequest, model_admin: object) -> HttpResponse:
        """Mood and schedule on one line of time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return mood_and_schedule(request, frame, may_edit=self.has_add_permission(request))


class ScheduleEntryAdmin(PeriodAdmin):
    list_display = ("title", "starts_at", "ends_at")
    fields = ("title", "starts_at", "ends_at")
    search_fields = ("title",)


def _in_zone(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Reads and shows times in the zone of whoever looks, as the timeline does: the page is drawn before it ends."""
    with timezone.override(timeline.zone_of_person(request.user)):
        answer = view()
        return answer.render() if isinstance(answer, TemplateResponse) else answer
