"""The console's pages of the rules and of the cases that a person has to look at."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from moderation import selectors, services
from moderation.models import Case, Rule
from tenancy.console.access import Access, access_of
from tenancy.console.steps import Step, StepAdmin
from tenancy.roles import Capability


def _retire(access: Access, rule: Rule) -> str:
    services.retire_rule(rule, actor=access.actor)
    return f"“{rule.phrase}” is out of force."


def _close(access: Access, case: Case) -> str:
    services.close_case(case, actor=access.actor)
    return "The case is closed."


class RuleAdmin(StepAdmin):
    """Rules are added and retired, never edited: decisions name them. Everybody's rules are the platform's."""

    read = Capability.MODERATE
    write = Capability.MODERATE
    verbs = frozenset({"add"})
    list_display = ("phrase", "action", "side", "category", "whose", "in_force", "created_at")
    list_filter = ("action", "side")
    search_fields = ("phrase", "category")
    fields = ("phrase", "action", "side", "category", "whose", "in_force", "created_by", "created_at", "retired_at")
    add_fieldsets = ((None, {"fields": ("phrase", "action", "side", "category")}),)
    readonly_fields = ("whose", "in_force", "created_by", "created_at", "retired_at")
    steps = (
        Step(
            "retire",
            "Retire this rule",
            lambda rule: f"“{rule.phrase}” would be allowed again, in every process within two seconds.",
            _retire,
        ),
    )

    def makes_sense(self, step: Step, row: Rule) -> bool:
        return row.retired_at is None

    def may_touch(self, request: HttpRequest, obj: object) -> bool:
        return not isinstance(obj, Rule) or obj.artist_id is not None or access_of(request).platform

    @admin.display(description="whose")
    def whose(self, rule: Rule) -> str:
        return "this artist's" if rule.artist_id else "everybody's"

    @admin.display(description="in force", boolean=True)
    def in_force(self, rule: Rule) -> bool:
        return rule.retired_at is None

    def write_row(self, access: Access, obj: Rule, form: Any) -> None:
        added = services.add_rule(
            access.artist, obj.phrase, obj.action, side=obj.side, category=obj.category, actor=access.actor
        )
        obj.pk = added.pk


class CaseAdmin(StepAdmin):
    read = Capability.MODERATE
    write = Capability.MODERATE
    list_display = ("created_at", "kind", "status", "closed_at")
    list_filter = ("status", "kind")
    fields = ("kind", "status", "note", "decisions", "conversation", "created_at", "closed_at")
    readonly_fields = fields
    steps = (
        Step("close", "Close this case", lambda case: "Somebody has looked at it and nothing is left to do.", _close),
    )

    def makes_sense(self, step: Step, row: Case) -> bool:
        return row.status == Case.Status.OPEN

    @admin.display(description="decisions")
    def decisions(self, case: Case) -> SafeString:
        found = selectors.decisions_of(case.turn_id) if case.turn_id else []
        lines = (f"{d.side}: {d.action} {' '.join(d.categories)} by {d.provider}" for d in found)
        return format_html('<div class="console-pre">{}</div>', "\n".join(lines) or "none")

    @admin.display(description="conversation")
    def conversation(self, case: Case) -> SafeString:
        """By the page's name: conversations lie above moderation and are not imported here."""
        address = reverse("admin:conversations_turn_fan", args=[case.fan_id])
        return format_html('<a href="{}">{}</a>', address, "the fan's conversation")


admin.site.register(Rule, RuleAdmin)
admin.site.register(Case, CaseAdmin)
