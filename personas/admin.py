"""The console's pages of the persona: who speaks, every version of her lines, mood, schedule, corpus."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from unfold.decorators import display

from personas import selectors, services
from personas.console import versions
from personas.console.compare import comparison
from personas.console.corpus import DocumentAdmin
from personas.console.periods import MoodAdmin, ScheduleEntryAdmin
from personas.contracts import FIELDS, LINE_FIELDS, TOPIC_FIELDS, PersonaSheet, label
from personas.forms import VersionForm, texts_of
from personas.models import Document, Mood, Persona, PersonaVersion, ScheduleEntry
from tenancy.console.access import Access, access_of
from tenancy.console.admin import TenantModelAdmin
from tenancy.console.people import names_of
from tenancy.roles import Capability


class PersonaAdmin(TenantModelAdmin):
    read = Capability.READ_PERSONA
    write = Capability.EDIT_PERSONA
    verbs = frozenset({"change"})
    list_display = ("name", "live", "changed_at")
    fields = ("name", "live", "changed_at")
    readonly_fields = ("live", "changed_at")

    @admin.display(description="speaks from")
    def live(self, persona: Persona) -> str:
        return str(persona.live_version or "nothing yet: release a version")

    def write_row(self, access: Access, obj: Persona, form: Any) -> None:
        services.rename_persona(access.artist, obj, actor=access.actor)


class PersonaVersionAdmin(TenantModelAdmin):
    """Versions are only ever added: editing is adding the next one, starting from any of them. Which one speaks is
    decided at the release gate, on the page that compares it with the one that speaks now."""

    read = Capability.READ_PERSONA
    write = Capability.EDIT_PERSONA
    verbs = frozenset({"add"})
    form = VersionForm
    list_display = ("__str__", "state", "note", "changed", "author", "created_at", "compare_link")
    search_fields = ("note",)
    list_select_related = ("persona",)
    change_form_outer_before_template = "console/steps.html"
    add_fieldsets = (
        (None, {"fields": ("note", "model")}),
        ("Who she is", {"fields": ("identity", "voice_rules", "style_rules", "boundaries", "honesty")}),
        ("Her lines", {"fields": ("greetings", "farewells", "phrases", "topics", "pet_peeves", "questions", "moods")}),
        ("When she does not know", {"fields": ("unknown", "memory_recall", "memory_empty", "fallbacks")}),
    )
    readonly_fields = ("number", "is_live", "author", "created_at", "lines")

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """What the columns tell is read once for the page, not once a row."""
        page = super().get_changelist_instance(request)
        versions.tell(page.result_list)
        return page

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (("<uuid:key>/compare/", "personas_personaversion_compare", self.compare_view),)

    def compare_view(self, request: HttpRequest, key: UUID, model_admin: object) -> HttpResponseBase:
        """Two versions side by side, and the release gate. Each step asks for its own capability."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        version = self.get_object(request, str(key))
        if version is None:
            missing: HttpResponse = self._get_obj_does_not_exist_redirect(request, self.opts, str(key))
            return missing
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return self._guarded(request, lambda: comparison(request, version, frame))

    def get_fieldsets(self, request: HttpRequest, obj: PersonaVersion | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        return ((None, {"fields": ("number", "is_live", "note", "model", "author", "created_at", "lines")}),)

    def get_form(
        self, request: HttpRequest, obj: PersonaVersion | None = None, change: bool = False, **kwargs: Any
    ) -> Any:
        # The fields of the sheet are made by the form itself, so Django must not look for them on the model.
        return super().get_form(request, obj, change, **kwargs | {"fields": ("note", "model")})

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        start = _start(request)
        return {**texts_of(start.sheet), "model": start.model} if start else {}

    def write_row(self, access: Access, obj: PersonaVersion, form: Any) -> None:
        if not isinstance(form, VersionForm):
            raise TypeError("a version is made from its own form")
        version = services.create_version(access.artist, form.sheet, obj.note, actor=access.actor, model=obj.model)
        obj.pk, obj.number = version.pk, version.number

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        version = kwargs.get("obj")
        if version is not None:
            edits = self.has_add_permission(request)
            title = "Compare and release" if edits else "Compare"
            context["links"] = [(title, reverse("admin:personas_personaversion_compare", args=[version.pk]))]
            if edits:
                address = reverse("admin:personas_personaversion_add")
                context["links"].append(("New version from this one", f"{address}?from={version.pk}"))
        return super().render_change_form(request, context, *args, **kwargs)

    @display(description="state", label=versions.STATES)  # type: ignore[untyped-decorator]  # unfold ships no types
    def state(self, version: PersonaVersion) -> str:
        return str(getattr(version, "told_state", ""))

    @admin.display(description="what changed")
    def changed(self, version: PersonaVersion) -> str:
        return str(getattr(version, "told_changes", ""))

    @admin.display(description="difference")
    def compare_link(self, version: PersonaVersion) -> SafeString:
        address = reverse("admin:personas_personaversion_compare", args=[version.pk])
        return format_html('<a href="{}">Compare</a>', address)

    @admin.display(description="live", boolean=True)
    def is_live(self, version: PersonaVersion) -> bool:
        live = selectors.live_version(artist=version.artist_id)
        return live is not None and live.id == version.pk

    @admin.display(description="by")
    def author(self, version: PersonaVersion) -> str:
        return str(getattr(version, "told_author", "")) or names_of([version.created_by])[version.created_by]

    @admin.display(description="lines")
    def lines(self, version: PersonaVersion) -> SafeString:
        sheet = PersonaSheet.from_json(version.sheet)
        texts = texts_of(sheet)
        parts = ((label(name).capitalize(), _count(sheet, name), texts[name]) for name in FIELDS)
        return format_html_join(
            "", '<details><summary>{}{}</summary><div class="console-pre">{}</div></details>', parts
        )


def _start(request: HttpRequest) -> selectors.Version | None:
    """The version that `?from=` names, else the live one."""
    artist = access_of(request).artist
    try:
        named = UUID(request.GET.get("from", ""))
    except ValueError:
        return selectors.live_version(artist=artist)
    return selectors.written_version(named, artist=artist)


def _count(sheet: PersonaSheet, name: str) -> SafeString:
    if name not in LINE_FIELDS and name not in TOPIC_FIELDS:
        return SafeString("")
    return format_html(" ({})", len(getattr(sheet, name)))


admin.site.register(Persona, PersonaAdmin)
admin.site.register(PersonaVersion, PersonaVersionAdmin)
admin.site.register(Mood, MoodAdmin)
admin.site.register(ScheduleEntry, ScheduleEntryAdmin)
admin.site.register(Document, DocumentAdmin)
