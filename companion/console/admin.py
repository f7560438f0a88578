"""The audit log: every change of this artist's console and commands, with its content while its key exists."""

import re
from datetime import UTC
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.contrib.filters.admin import RangeDateTimeFilter
from unfold.sections import TemplateSection
from unfold.utils import parse_datetime_str

from companion.console import audit_export
from companion.console.audit_log import KINDS, LABELS, SEARCHED, Told, containing, tell
from companion.console.review.cases import CaseAdmin
from companion.kernel import audit, audit_check
from companion.kernel.models import AuditEntry
from moderation.models import Case
from tenancy.console.access import access_of
from tenancy.console.admin import ReadOnlyAdmin
from tenancy.console.columns import column
from tenancy.models import StaffRole
from tenancy.roles import Capability

ACTION = re.compile(r"[a-z]+\.[a-z_]+")


class KindFilter(admin.SimpleListFilter):
    title = "kind"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, kind.capitalize()) for kind in KINDS]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        types = KINDS.get(self.value() or "")
        return queryset.filter(object_type__in=types) if types else queryset


class WhoFilter(admin.SimpleListFilter):
    title = "who"
    parameter_name = "who"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        team = StaffRole.objects.select_related("user").order_by("user__email")
        return [(f"staff:{member.user_id}", member.user.email) for member in team]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(actor=self.value()) if self.value() else queryset


class UtcRange(RangeDateTimeFilter):  # type: ignore[misc]  # unfold ships no types
    """Unfold's filter hands times over without a zone, and drops a day without a time: here days are whole, in UTC."""

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        for bound, lookup, otherwise in (("from", "gte", "00:00:00"), ("to", "lte", "23:59:59")):
            day = self.used_parameters.get(f"{self.parameter_name}_{bound}_0")
            time = self.used_parameters.get(f"{self.parameter_name}_{bound}_1") or otherwise
            moment = parse_datetime_str(f"{day} {time}") if day else None
            if moment is not None:
                queryset = queryset.filter(**{f"{self.parameter_name}__{lookup}": moment.replace(tzinfo=UTC)})
        return queryset


class Opened(TemplateSection):  # type: ignore[misc]  # unfold ships no types
    """What a row opens to."""

    template_name = "console/audit_entry.html"

    def get_context_data(self, request: HttpRequest, instance: AuditEntry) -> dict[str, Any]:
        return {"told": _told(instance), "link": bytes(instance.hash).hex(), "before": bytes(instance.previous).hex()}


class AuditEntryAdmin(ReadOnlyAdmin):
    """Filters and exact terms go by an index; words are looked for in the newest entries of the filter."""

    read = Capability.READ_AUDIT
    list_display = ("number", "when", "who", "kind", "what", "subject", "reason", "link")
    list_filter = (KindFilter, WhoFilter, ("at", UtcRange))
    list_filter_submit = True
    list_sections = [Opened]
    list_fullwidth = True
    list_before_template = "console/audit_chain.html"
    search_fields = ("pk",)
    search_help_text = "No., action, id, e-mail, or words"
    ordering = ("-seq",)
    fields = ("seq", "at", "action", "who", "object_type", "object_id", "opened", "link_whole", "previous_whole")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """The kernel knows no tenants, so the filter stands here; row security holds the same."""
        rows: QuerySet[AuditEntry] = super().get_queryset(request).filter(artist_id=access_of(request).artist)
        return rows

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """Tells all rows of the page at once."""
        changelist = super().get_changelist_instance(request)
        rows = list(changelist.result_list)
        told = tell(rows)
        for row in rows:
            row.console_told = told[row.seq]
        changelist.result_list = rows
        return changelist

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[AuditEntry], search_term: str
    ) -> tuple[QuerySet[AuditEntry], bool]:
        term = search_term.strip()
        if not term:
            return queryset, False
        exact = _exact(term)
        if exact is not None:
            return queryset.filter(exact), False
        request.words_within = f"{SEARCHED:,}"  # type: ignore[attr-defined]  # the page says so beside what was found
        newest = queryset.order_by("-seq").only("seq")[:SEARCHED]
        return queryset.filter(seq__in=containing(newest, term)), False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "object_id" or bool(super().lookup_allowed(lookup, value, request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.fields

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        return super().changelist_view(request, self._chain(request) | (extra_context or {}))

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (
            ("chain/", "kernel_auditentry_chain", self.chain_view),
            ("verify/", "kernel_auditentry_verify", self.verify_view),
            ("export/", "kernel_auditentry_export", self.export_view),
        )

    def chain_view(self, request: HttpRequest, model_admin: object) -> HttpResponse:
        """The banner alone, for the page that waits for the check."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return TemplateResponse(request, "console/audit_status.html", self._chain(request))

    def verify_view(self, request: HttpRequest, model_admin: object) -> HttpResponse:
        """Has the whole chain verified anew, by the scheduler."""
        if not access_of(request).allows(Capability.CONTROL):
            raise PermissionDenied
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        if not audit_check.status().running:
            audit_check.restart()
        return HttpResponseRedirect(reverse("admin:kernel_auditentry_changelist"))

    def export_view(self, request: HttpRequest, model_admin: object) -> HttpResponseBase:
        """The log of the filter in the address, for an owner alone; the export itself stands in the log."""
        access = access_of(request)
        if not access.allows(Capability.EXPORT_AUDIT):
            raise PermissionDenied
        kind = request.POST.get("format", "")
        if request.method != "POST" or kind not in audit_export.FORMATS:
            return HttpResponseNotAllowed(["POST"])
        if request.POST.get("console_artist") != str(access.artist):
            messages.error(request, "Another artist was chosen since this page was opened. Nothing was exported.")
            return HttpResponseRedirect(reverse("admin:index"))
        entries = self.get_changelist_instance(request).queryset
        audit.record(
            "auditlog.exported",
            actor=access.actor,
            artist=access.artist,
            object_type="auditlog",
            object_id=kind,
            content={"filter": request.GET.dict(), "format": kind},
        )
        return audit_export.stream(entries, access.artist, kind)

    def _chain(self, request: HttpRequest) -> dict[str, Any]:
        access = access_of(request)
        return {
            "chain": audit_check.status(),
            "may_verify": access.allows(Capability.CONTROL),
            "may_export": access.allows(Capability.EXPORT_AUDIT),
        }

    @column("no.", ordering="seq")
    def number(self, entry: AuditEntry) -> str:
        return f"{entry.seq:,}"

    @column("when, UTC")
    def when(self, entry: AuditEntry) -> str:
        return f"{entry.at:%-d %b %Y, %H:%M:%S}"

    @column("who")
    def who(self, entry: AuditEntry) -> SafeString:
        told = _told(entry)
        return format_html('{}<br><span class="audit-soft">{}</span>', told.who, told.role)

    @column("kind", labels=LABELS)
    def kind(self, entry: AuditEntry) -> str:
        return _told(entry).kind

    @column("what")
    def what(self, entry: AuditEntry) -> str:
        return _told(entry).what

    @column("about")
    def subject(self, entry: AuditEntry) -> str:
        return _told(entry).subject

    @column("reason")
    def reason(self, entry: AuditEntry) -> str:
        return _told(entry).reason

    @column("link")
    def link(self, entry: AuditEntry) -> SafeString:
        return format_html('<code class="audit-hash">{}</code>', bytes(entry.hash).hex()[:8])

    @column("content")
    def opened(self, entry: AuditEntry) -> SafeString:
        return SafeString(Opened(None, entry).render())  # our own template's output, escaped there

    @column("hash")
    def link_whole(self, entry: AuditEntry) -> str:
        return bytes(entry.hash).hex()

    @column("hash before")
    def previous_whole(self, entry: AuditEntry) -> str:
        return bytes(entry.previous).hex()


def _told(entry: AuditEntry) -> Told:
    """As the page's list told it; for a page of one, told here."""
    known = getattr(entry, "console_told", None)
    return known if isinstance(known, Told) else tell([entry])[entry.seq]


def _exact(term: str) -> Q | None:
    """What a term names exactly; None for words."""
    if term.isdecimal():
        return Q(seq=int(term)) if len(term) < 19 else Q(pk__in=())  # a bigint has 19 digits
    if "@" in term and " " not in term:
        member = StaffRole.objects.filter(user__email=term.lower()).first()
        return Q(actor=f"staff:{member.user_id}") if member else None
    try:
        key = UUID(term)
    except ValueError:
        return Q(action=term) if ACTION.fullmatch(term) else None
    return Q(object_id=str(key)) | Q(actor=f"staff:{key}")


admin.site.register(AuditEntry, AuditEntryAdmin)
admin.site.register(Case, CaseAdmin)
