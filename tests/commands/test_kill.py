"""`manage.py kill`: every scope, in words when it is wrong, in the audit chain when it is right."""

import uuid
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from companion.kernel.models import AuditEntry, Change
from tenancy import services
from tenancy.models import Artist, KillSwitch
from tests.console.teams import append_audit


@pytest.fixture
def artist() -> Artist:
    return services.create_artist(f"kill-{uuid.uuid4().hex[:10]}", {"name": "Kill"}, actor="command:test")


def kill(*arguments: str) -> str:
    out = StringIO()
    call_command("kill", *arguments, stdout=out)
    return out.getvalue()


def switches(**where: Any) -> list[tuple[bool, str, str]]:
    rows = KillSwitch.objects.across_tenants().filter(**where)
    return list(rows.values_list("on", "reason", "changed_by"))


def test_an_artist_is_stopped_and_freed_by_one_row(artist: Artist) -> None:
    assert kill("on", "--scope", "artist", "--artist", artist.slug, "--reason", "lawyers") == (
        f"artist {artist.slug}: stopped\n"
    )
    assert switches(artist=artist) == [(True, "lawyers", "command:kill")]
    kill("off", "--scope", "artist", "--artist", artist.slug, "--reason", "settled")
    assert switches(artist=artist) == [(False, "settled", "command:kill")]


def test_a_surface_of_one_artist_and_of_all_are_two_switches(artist: Artist) -> None:
    kill("on", "--scope", "surface", "--surface", "campaigns", "--artist", artist.slug, "--reason", "r")
    kill("on", "--scope", "surface", "--surface", "campaigns", "--reason", "everywhere")
    kill("off", "--scope", "surface", "--surface", "campaigns", "--reason", "over")
    assert switches(artist=artist)[0][0] is True
    assert switches(artist=None, surface="campaigns") == [(False, "over", "command:kill")]


def test_a_change_is_told_to_every_process_and_kept_in_the_audit_chain(artist: Artist) -> None:
    before = Change.objects.filter(topic="switches").count()
    kill("on", "--scope", "artist", "--artist", artist.slug, "--reason", "lawyers")
    kill("off", "--scope", "artist", "--artist", artist.slug, "--reason", "settled")
    assert Change.objects.filter(topic="switches").count() == before + 2
    append_audit()
    actions = AuditEntry.objects.using("system").filter(artist_id=artist.id).order_by("seq")
    assert [entry.action for entry in actions] == ["artist.created", "killswitch.on", "killswitch.off"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--scope", "artist"), "Name the artist whose persona is to stop."),
        (("--scope", "artist", "--artist", "nobody-here"), "There is no artist with the slug nobody-here."),
        (("--scope", "surface"), "A surface belongs to a switch of scope surface, and only there."),
        (("--scope", "global", "--surface", "text"), "A surface belongs to a switch of scope surface, and only there."),
        (("--scope", "provider"), "A provider belongs to a switch of scope provider, and only there."),
        (("--scope", "provider", "--provider", "opnai"), "A provider is one of"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    before = KillSwitch.objects.across_tenants().count()
    with pytest.raises(CommandError, match=sentence):
        kill("on", *arguments, "--reason", "r")
    assert KillSwitch.objects.across_tenants().count() == before


def test_a_global_switch_has_no_artist(artist: Artist) -> None:
    with pytest.raises(CommandError, match="holds for all"):
        kill("on", "--scope", "global", "--artist", artist.slug, "--reason", "r")
    assert switches(scope="global", on=True) == []


def test_a_reason_is_required(artist: Artist) -> None:
    with pytest.raises(CommandError, match="needs a reason"):
        kill("on", "--scope", "artist", "--artist", artist.slug, "--reason", "  ")
    assert switches(artist=artist) == []
