"""The console's page of what was used."""

from django.contrib import admin

from billing.models import UsageRecord
from tenancy.console.admin import ReadOnlyAdmin
from tenancy.console.paging import known_values
from tenancy.roles import Capability
from tenancy.services import PROVIDERS


class UsageRecordAdmin(ReadOnlyAdmin):
    read = Capability.CONTROL
    list_display = ("created_at", "provider", "model", "input_tokens", "output_tokens")
    list_filter = (known_values("provider", PROVIDERS),)
    ordering = ("-created_at", "-id")
    fields = ("created_at", "fan", "turn_id", "provider", "model", "input_tokens", "output_tokens")


admin.site.register(UsageRecord, UsageRecordAdmin)
