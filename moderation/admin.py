"""The console's pages of the rules. Those of the cases show talk, which lies above: companion/console/review."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from unfold.decorators import display

from moderation import services
from moderation.console import trying
from moderation.models import Rule
from tenancy.console.access import Access, access_of
from tenancy.console.steps import Step, StepAdmin
from tenancy.roles import Capability


def _retire(access: Access, rule: Rule) -> str:
    services.retire_rule(rule, actor=access.actor)
    return f"“{rule.phrase}” is out of force."


class RuleAdmin(StepAdmin):
    """Rules are added and retired, never edited: decisions name them. Everybody's rules are the platform's."""

    read = Capability.MODERATE
    write = Capability.MODERATE
    verbs = frozenset({"add"})
    list_display = ("phrase", "does", "direction", "category", "reach", "in_force", "created_at")
    list_filter = ("action", "side")
    search_fields = ("phrase", "category")
    fields = ("phrase", "action", "side", "category", "reach", "in_force", "created_by", "created_at", "retired_at")
    add_fieldsets = ((None, {"fields": ("phrase", "action", "side", "category")}),)
    readonly_fields = ("reach", "in_force", "created_by", "created_at", "retired_at")
    steps = (
        Step(
            "retire",
            "Retire this rule",
            lambda rule: f"“{rule.phrase}” would be allowed again, in every process within two seconds.",
            _retire,
        ),
    )

    change_form_outer_after_template = "console/rule_try.html"

    def get_custom_urls(self) -> tuple[tuple[str, str, Any], ...]:
        return (*super().get_custom_urls(), ("try/", "moderation_rule_try", self.try_view))

    def try_view(self, request: HttpRequest, model_admin: object) -> HttpResponse:
        """What the rule in the form, and the rules in force, would do to a text."""
        if not access_of(request).allows(self.read):
            raise PermissionDenied
        return trying.answer(request) if request.method == "POST" else HttpResponseNotAllowed(["POST"])

    def makes_sense(self, step: Step, row: Rule) -> bool:
        return row.retired_at is None

    def may_touch(self, request: HttpRequest, obj: object) -> bool:
        return not isinstance(obj, Rule) or obj.artist_id is not None or access_of(request).platform

    @display(  # type: ignore[untyped-decorator]  # unfold ships no types
        description="action",
        ordering="action",
        label={Rule.Action.BLOCK: "danger", Rule.Action.HOLD: "warning", Rule.Action.DEFLECT: "info"},
    )
    def does(self, rule: Rule) -> tuple[str, str]:
        return rule.action, rule.get_action_display()

    @admin.display(description="direction", ordering="side")
    def direction(self, rule: Rule) -> str:
        return trying.DIRECTIONS[rule.side]

    @admin.display(description="holds for")
    def reach(self, rule: Rule) -> str:
        return trying.THIS_ARTIST if rule.artist_id else trying.EVERY_ARTIST

    @admin.display(description="active", boolean=True)
    def in_force(self, rule: Rule) -> bool:
        return rule.retired_at is None

    def write_row(self, access: Access, obj: Rule, form: Any) -> None:
        added = services.add_rule(
            access.artist, obj.phrase, obj.action, side=obj.side, category=obj.category, actor=access.actor
        )
        obj.pk = added.pk


admin.site.register(Rule, RuleAdmin)
