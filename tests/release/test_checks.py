"""The checks over the demo persona: a sabotage fails its own check and gets nowhere, a harmless edit passes all."""

from typing import Any

import pytest

from companion.kernel.errors import Conflict
from conversations.rehearsal.checking import check_release
from moderation import services as moderation
from personas import services as personas
from personas.models import CheckRun, PersonaRelease, PersonaVersion
from personas.release import services
from personas.release.contracts import Finding, Verdict, failed_keys
from tenancy.context import tenant
from tenancy.models import Artist
from tests.factories import ACTOR, make_artist
from tests.gate import live_number, somebody
from tests.providers_offline.world import demo
from tests.release.edits import Edit, demo_sheet, edited, edits

SABOTAGES, HARMLESS = edits("sabotages"), edits("harmless")


def named(listed: list[Edit]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("edit", listed, ids=lambda edit: edit["name"])


@pytest.fixture(scope="module")
def aria(django_db_blocker: Any) -> Artist:
    """The demo artist under another address, her rules and her sheet live."""
    artist = make_artist(name="Aria Vale", sheet=demo_sheet())
    for rule in demo()["rules"]:
        moderation.add_rule(artist.id, rule["phrase"], rule["action"], side=rule.get("side", "both"), actor=ACTOR)
    return artist


def checked(artist: Artist, edit: Edit) -> tuple[PersonaVersion, CheckRun]:
    """A draft with the edit, after the job has checked it."""
    version = personas.create_version(artist.id, edited(edit), edit["name"], actor=somebody())
    run = services.request_checks(artist.id, version.pk, actor=somebody())
    assert check_release(artist.id, run.pk, scripts=())
    with tenant(artist.id):
        return version, CheckRun.objects.get(pk=run.pk)


def findings(run: CheckRun) -> list[Finding]:
    return [Finding.from_json(body) for body in run.findings]


@named(SABOTAGES)
def test_a_sabotage_fails_its_own_check_and_cannot_go_live(aria: Artist, edit: Edit) -> None:
    version, run = checked(aria, edit)
    assert edit["check"] in failed_keys(findings(run))
    assert run.state == "failed"
    assert all(finding.evidence for finding in findings(run) if finding.verdict is Verdict.FAILED)
    for step in (
        lambda: services.approve(aria.id, version.pk, actor=somebody(), run=run.pk, seen=1),
        lambda: services.try_out(aria.id, version.pk, 5, actor=somebody(), seen=1),
        lambda: services.go_live(aria.id, version.pk, actor=somebody(), seen=1),
    ):
        with pytest.raises(Conflict):
            step()
    assert live_number(aria.id) == 1
    with tenant(aria.id):
        assert PersonaRelease.objects.get(version=version).state == "draft"


@named(HARMLESS)
def test_a_harmless_edit_passes_every_check(aria: Artist, edit: Edit) -> None:
    version, run = checked(aria, edit)
    assert failed_keys(findings(run)) == [], [f.evidence for f in findings(run) if f.evidence]
    with tenant(aria.id):
        assert PersonaRelease.objects.get(version=version).state == "in_review"
