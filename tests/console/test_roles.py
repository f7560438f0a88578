"""Each role sees exactly what it may. The table here is the oracle; it is not read from the code under test."""

import pytest
from django.contrib import admin
from django.contrib.sessions.backends.base import SessionBase
from django.forms import ModelChoiceField
from django.test import RequestFactory
from django.urls import reverse

from tenancy.console.admin import TenantModelAdmin
from tests.console.teams import Team, make_user

EVERYONE = "viewer moderator editor manager owner"
SAFETY = "moderator manager owner"
EDITORS = "editor manager owner"
CONTROL = "manager owner"
# model → who reads, who adds, who changes, who deletes
MATRIX = {
    "tenancy.artist": (EVERYONE, "", CONTROL, ""),
    "tenancy.fan": (SAFETY, "", CONTROL, ""),
    "tenancy.staffrole": ("owner", "owner", "owner", "owner"),
    "tenancy.killswitch": (CONTROL, "", "", ""),  # its list is the page whose dialogs switch: test_switches_page.py
    "personas.persona": (EVERYONE, "", EDITORS, ""),
    "personas.personaversion": (EVERYONE, EDITORS, "", ""),
    "personas.mood": (EVERYONE, EDITORS, EDITORS, EDITORS),
    "personas.scheduleentry": (EVERYONE, EDITORS, EDITORS, EDITORS),
    "personas.document": (EVERYONE, EDITORS, EDITORS, EDITORS),
    "moderation.rule": (SAFETY, SAFETY, "", ""),
    "moderation.case": (SAFETY, "", "", ""),
    "conversations.turn": (SAFETY, "", "", ""),
    "conversations.report": (SAFETY, "", "", ""),
    "memory.sessionmark": (CONTROL, "", "", ""),
    "billing.usagerecord": (CONTROL, "", "", ""),
    "kernel.auditentry": (EVERYONE, "", "", ""),
}
ROLES = EVERYONE.split()


def test_every_registered_page_is_in_the_table_and_knows_its_tenant() -> None:
    assert {model._meta.label_lower for model in admin.site._registry} == set(MATRIX)
    assert all(isinstance(page, TenantModelAdmin) for page in admin.site._registry.values())


def test_no_page_offers_an_action_over_many_rows() -> None:
    assert all(page.actions is None for page in admin.site._registry.values())
    assert admin.site._actions == {}


def test_no_form_lets_one_choose_among_rows(team: Team) -> None:
    request = RequestFactory().get("/console/")
    request.user, request.session = team.members["owner"], SessionBase()
    for model, page in admin.site._registry.items():
        fields = page.get_form(request, change=False).base_fields.values()
        assert not any(isinstance(field, ModelChoiceField) for field in fields), model


@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_exactly_its_pages(team: Team, role: str) -> None:
    client = team.client(role)
    seen = {}
    for model in admin.site._registry:
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        key = [team.rows[model].pk]
        addresses = [
            reverse(f"{base}_changelist"),
            reverse(f"{base}_change", args=key),
            reverse(f"{base}_add"),
            reverse(f"{base}_delete", args=key),
        ]
        seen[model._meta.label_lower] = [client.get(address).status_code for address in addresses]
    assert seen == {
        label: [_status(role, read), _status(role, read), _status(role, add), _status(role, delete)]
        for label, (read, add, _change, delete) in MATRIX.items()
    }


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_save_only_what_it_may_change(team: Team, role: str) -> None:
    client = team.client(role)
    for model in admin.site._registry:
        address = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[team.rows[model].pk])
        _read, _add, change, _delete = MATRIX[model._meta.label_lower]
        # An empty form: who may change gets its errors (200) or a save (302), everybody else a refusal.
        answer = client.post(address, {})
        assert (answer.status_code != 403) == (role in change.split()), model


def test_the_first_page_and_the_sidebar_list_only_what_the_role_may_open(team: Team) -> None:
    page = team.client("editor").get(reverse("admin:index")).content.decode()
    assert reverse("admin:personas_mood_changelist") in page
    assert reverse("admin:conversations_turn_changelist") not in page
    assert reverse("admin:tenancy_staffrole_changelist") not in page


def test_a_fan_and_a_stranger_get_the_login_page(team: Team) -> None:
    for user in (make_user(), make_user(is_staff=True)):
        client = team.client("owner")
        client.force_login(user)
        answer = client.get(reverse("admin:index"))
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, reverse("admin:login"))


def _status(role: str, roles: str) -> int:
    return 200 if role in roles.split() else 403
