"""The console's pages of moods and dates: lists and forms in the zone of whoever looks; what is over is locked."""

from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from companion.kernel.errors import CompanionError, NotFound
from personas import services
from personas.console import timeline
from personas.console.timeline_page import mood_and_schedule, prefilled
from personas.models import Mood, Period, ScheduleEntry
from personas.recurrence import Repeats
from personas.voice import voice_colour
from tenancy.console.access import Access, access_of
from tenancy.console.admin import TenantModelAdmin
from tenancy.console.forms import ConsoleForm
from tenancy.roles import Capability

TIMES = ("starts_at", "ends_at")
KINDS: Mapping[str, type[Period]] = MappingProxyType({"mood": Mood, "scheduleentry": ScheduleEntry})
RULE = (*TIMES, "repeats", "weekdays", "repeats_until")


class PeriodForm(ConsoleForm):
    weekdays = forms.TypedMultipleChoiceField(
        coerce=int,
        required=False,
        choices=list(enumerate(services.WEEKDAYS)),
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="For what repeats every week; none: the day on which it starts.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "repeats" in self.fields:  # whoever only reads has no fields
            self.fields["repeats"].required = False

    def clean_repeats(self) -> str:
        return str(self.cleaned_data["repeats"] or Repeats.NONE)

    def clean_weekdays(self) -> list[int]:
        """Kept for what needs them alone, so that equal rules are equal rows."""
        return self.cleaned_data["weekdays"] if self.cleaned_data.get("repeats") == Repeats.WEEKLY else []

    def clean_repeats_until(self) -> date | None:
        return None if self.cleaned_data.get("repeats") == Repeats.NONE else self.cleaned_data["repeats_until"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if {"starts_at", "ends_at", "repeats", "repeats_until"} <= cleaned.keys():
            self._check_times(cleaned)
        return cleaned

    def _check_times(self, cleaned: dict[str, Any]) -> None:
        model = type(self.instance)
        before = model._default_manager.filter(pk=self.instance.pk).first()
        if before is None or before.repeats == Repeats.NONE:
            # It repeats by the clock of whoever says that it does.
            self.instance.zone = timezone.get_current_timezone_name()
        proposed = model(**{name: cleaned[name] for name in RULE}, zone=self.instance.zone)
        problem = services.period_problem(before, proposed)
        if problem:
            self.add_error(*problem)

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
        return not isinstance(obj, Period) or not services.is_over(obj)

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """What repeats is shown with its next time: earlier ones stay as they are."""
        period = super().get_object(request, object_id, from_field)
        following = services.upcoming(period) if isinstance(period, Period) else None
        if following is not None:
            period.starts_at, period.ends_at = following.starts_at, following.ends_at
        return period

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name in TIMES:
            kwargs["help_text"] = f"Time in {timeline.zone_of_person(request.user)}."
        if db_field.name == "repeats_until":
            kwargs["help_text"] = "The last day on which it may start; empty: it has no end."
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
        told = {"zone": timeline.zone_of_person(request.user)} | (extra_context or {})
        return _in_zone(request, lambda: super(PeriodAdmin, self).changeform_view(request, object_id, form_url, told))

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        period = kwargs.get("obj")
        context["is_over"] = period is not None and not self.may_touch(request, period)
        context["voice"] = isinstance(period, Mood) and voice_colour(period.label)
        context["repeats"] = period is not None and repeats_in_words(period)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request: HttpRequest, obj: Period) -> HttpResponse:
        """Back to the line of time, where the entry stands."""
        zone = timeline.zone_of_person(request.user)
        address = reverse("admin:personas_mood_timeline")
        return HttpResponseRedirect(f"{address}?day={obj.starts_at.astimezone(zone):%Y-%m-%d}")

    response_post_save_change = response_post_save_add

    @admin.display(description="repeats")
    def repeating(self, period: Period) -> str:
        return repeats_in_words(period)

    def write_row(self, access: Access, obj: Period, form: Any) -> None:
        services.save_period(access.artist, obj, actor=access.actor)

    def remove_row(self, access: Access, obj: Period) -> None:
        services.remove_period(access.artist, obj, actor=access.actor)


class MoodAdmin(PeriodAdmin):
    list_display = ("label", "line", "starts_at", "ends_at", "repeating", "voice")
    fields = ("label", "line", *RULE)
    search_fields = ("label", "line")

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            *super().get_custom_urls(),
            ("timeline/", "personas_mood_timeline", self.timeline_view),
            ("timeline/skip/", "personas_mood_skip", self.skip_view),
        )

    @admin.display(description="voice")
    def voice(self, mood: Mood) -> str:
        return str(voice_colour(mood.label))

    def timeline_view(self, request: HttpRequest, model_admin: object) -> HttpResponse:
        """Mood and schedule on one line of time."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return mood_and_schedule(request, frame, may_edit=self.has_add_permission(request))

    def skip_view(self, request: HttpRequest, model_admin: object) -> HttpResponse:
        """Leaves one time of what repeats out, or puts it back."""
        if request.method != "POST" or not self.has_add_permission(request):
            raise PermissionDenied
        try:
            self._skip(access_of(request), request.POST)
        except CompanionError as refusal:
            messages.error(request, refusal.detail)
        address = reverse("admin:personas_mood_timeline")
        return HttpResponseRedirect(f"{address}?{request.GET.urlencode()}")

    def _skip(self, access: Access, posted: QueryDict) -> None:
        model = KINDS.get(posted.get("model", ""))
        try:
            key, day = UUID(posted.get("key", "")), date.fromisoformat(posted.get("on", ""))
        except ValueError as error:
            raise NotFound("There is no such entry.") from error
        if model is None:
            raise NotFound("There is no such entry.")
        leaves_out = bool(posted.get("leave_out"))
        services.skip_occurrence(access.artist, model, key, day, skipped=leaves_out, actor=access.actor)


class ScheduleEntryAdmin(PeriodAdmin):
    list_display = ("title", "starts_at", "ends_at", "repeating")
    fields = ("title", *RULE)
    search_fields = ("title",)


def repeats_in_words(period: Period) -> str:
    """Such as "every week on Mon, Fri until 3 Mar 2027"; nothing for what does not repeat."""
    if period.repeats == Repeats.NONE:
        return ""
    days = ", ".join(services.WEEKDAYS[day][:3] for day in period.weekdays)
    until = f"until {date_format(period.repeats_until, 'j M Y')}" if period.repeats_until else ""
    return " ".join(filter(None, (period.get_repeats_display(), days and f"on {days}", until)))


def _in_zone(request: HttpRequest, view: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Reads and shows times in the zone of whoever looks, as the timeline does: the page is drawn before it ends."""
    with timezone.override(timeline.zone_of_person(request.user)):
        answer = view()
        return answer.render() if isinstance(answer, TemplateResponse) else answer
