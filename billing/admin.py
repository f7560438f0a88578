"""The console's page of what was used."""

from django.contrib import admin

from billing.models import UsageRecord
from tenancy.console.admin import ReadOnlyAdmin
from tenancy.roles import Capability


class UsageRecordAdmin(ReadOnlyAdmin):
    read = Capability.CONTROL
    list_display = ("created_at", "provider", "model", "input_tokens", "output_tokens")
    list_filter = ("provider",)
    ordering = ("-created_at",)
    fields = ("created_at", "fan", "turn_id", "provider", "model", "input_tokens", "output_tokens")


admin.site.register(UsageRecord, UsageRecordAdmin)
