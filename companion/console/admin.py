"""The audit log: every change of this artist's console and commands, with its content while its key exists."""

import json
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from companion.kernel import audit
from companion.kernel.models import AuditEntry
from tenancy.console.access import access_of
from tenancy.console.admin import ReadOnlyAdmin
from tenancy.roles import Capability


class AuditEntryAdmin(ReadOnlyAdmin):
    read = Capability.READ_AUDIT
    list_display = ("seq", "at", "action", "actor", "object_type", "object_id")
    list_filter = ("object_type", "action")
    search_fields = ("object_id", "actor", "action")
    ordering = ("-seq",)
    fields = ("seq", "at", "action", "actor", "object_type", "object_id", "content", "hash_hex", "previous_hex")
    readonly_fields = ("content", "hash_hex", "previous_hex")

    def get_queryset(self, request: HttpRequest) -> QuerySet[AuditEntry]:
        """The kernel knows no tenants, so the filter stands here; row security holds the same."""
        rows: QuerySet[AuditEntry] = super().get_queryset(request).filter(artist_id=access_of(request).artist)
        return rows

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        return lookup == "object_id" or bool(super().lookup_allowed(lookup, value, request))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return (*super().get_readonly_fields(request, obj), *self.readonly_fields)

    @admin.display(description="content")
    def content(self, entry: AuditEntry) -> SafeString:
        opened = audit.content_of(entry.seq)
        if opened is None:
            return format_html("<em>{}</em>", "erased with its person's key; the chain still proves that it was there")
        return format_html('<div class="console-pre">{}</div>', json.dumps(opened, indent=1, ensure_ascii=False))

    @admin.display(description="hash")
    def hash_hex(self, entry: AuditEntry) -> str:
        return bytes(entry.hash).hex()

    @admin.display(description="hash before")
    def previous_hex(self, entry: AuditEntry) -> str:
        return bytes(entry.previous).hex()


admin.site.register(AuditEntry, AuditEntryAdmin)
