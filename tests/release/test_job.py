"""The job that has a draft checked: delivered twice, without a model, with a pinned one, with a judge."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.test import override_settings

from bench.upstream import ScriptedUpstream
from companion.kernel.models import OutboxEvent
from companion.providers.llm.base import LLMRequest
from companion.subscriptions import SUBSCRIPTIONS
from conversations.rehearsal import checking
from conversations.rehearsal.checking import NO_MODEL, check_release
from conversations.rehearsal.scripts import own_scripts
from conversations.tasks import run_release_checks
from personas import services as personas
from personas.models import CheckRun, PersonaRelease
from personas.release import judge, services
from personas.release.contracts import Answered, Exchange, Finding, Golden, Verdict
from tenancy.context import tenant
from tenancy.models import Artist
from tests.factories import make_artist
from tests.gate import somebody
from tests.release.edits import demo_sheet
from tests.upstream import upstream_thread

NOW = datetime(2026, 11, 24, 18, tzinfo=UTC)


@pytest.fixture(scope="module")
def artist() -> Artist:
    return make_artist(name="Aria Vale", sheet=demo_sheet())


@pytest.fixture
def upstream() -> Iterator[ScriptedUpstream]:
    with upstream_thread() as served:
        yield served


def a_run(artist: Artist, *, sheet: Any = None, model: str = "") -> CheckRun:
    version = personas.create_version(artist.id, sheet or demo_sheet(), "a try", actor=somebody(), model=model)
    return services.request_checks(artist.id, version.pk, actor=somebody())


def ended(artist: Artist, run: CheckRun) -> CheckRun:
    with tenant(artist.id):
        return CheckRun.objects.get(pk=run.pk)


def finding(run: CheckRun, key: str) -> Finding:
    return next(Finding.from_json(body) for body in run.findings if body["key"] == key)


def model_at(url: str, **more: Any) -> Any:
    llm = {"name": "openai", "base_url": url, "api_key": "", "model": "scripted"}
    return override_settings(PROVIDERS={**settings.PROVIDERS, "LLM": llm}, **more)


def test_the_request_leads_to_the_job_and_the_job_has_one_effect(artist: Artist) -> None:
    run = a_run(artist)
    assert SUBSCRIPTIONS[services.CHECKS_REQUESTED] == ("conversations.tasks.run_release_checks",)
    with tenant(artist.id):
        payload = OutboxEvent.objects.filter(topic=services.CHECKS_REQUESTED).latest("created_at").payload
    assert run_release_checks(**payload)
    assert not run_release_checks(**payload)
    assert not run_release_checks(str(artist.id), str(uuid4()))
    after = ended(artist, run)
    assert [entry for body in after.findings for entry in body["evidence"]] == []
    assert (after.state, after.epoch) == ("passed", 1)
    lasting = finding(after, "ten_minutes")
    assert (lasting.verdict, lasting.evidence) == (Verdict.PASSED, ())


def test_a_version_that_has_one_answer_to_everything_does_not_hold_ten_minutes(artist: Artist) -> None:
    silent = ("farewells", "phrases", "questions", "topics", "pet_peeves", "memory_recall")
    one = dict.fromkeys(("greetings", "unknown", "memory_empty"), ("Hmm.",))
    changes: dict[str, Any] = {**dict.fromkeys(silent, ()), **one, "moods": {}}
    run = a_run(artist, sheet=replace(demo_sheet(), **changes))
    assert check_release(artist.id, run.pk, own_scripts()[:1])
    found = finding(ended(artist, run), "ten_minutes")
    assert found.verdict is Verdict.FAILED
    assert {entry.where for entry in found.evidence} >= {"repetition"}


def test_without_a_model_nothing_is_known_and_nothing_moves(artist: Artist) -> None:
    run = a_run(artist)
    with model_at("http://127.0.0.1:1/v1"):
        assert check_release(artist.id, run.pk, ())
    after = ended(artist, run)
    assert (after.state, after.problem, after.findings) == ("broken", NO_MODEL, [])
    with tenant(artist.id):
        assert PersonaRelease.objects.get(version=run.version_id).state == "draft"


def test_what_breaks_in_the_checks_ends_the_run_and_is_raised(artist: Artist, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_subject: object) -> tuple[Finding, ...]:
        raise RuntimeError("a bug")

    run = a_run(artist)
    monkeypatch.setattr(checking, "run_checks", broken)
    with pytest.raises(RuntimeError):
        check_release(artist.id, run.pk, ())
    assert ended(artist, run).state == "broken"


def test_a_pinned_model_that_the_provider_does_not_serve_fails_its_check(
    artist: Artist, upstream: ScriptedUpstream
) -> None:
    run = a_run(artist, model="401")
    with model_at(upstream.url, LLM_FALLBACK=["offline"]):
        assert check_release(artist.id, run.pk, ())
    found = finding(ended(artist, run), "model")
    assert found.verdict is Verdict.FAILED
    assert found.evidence[0].matched == "answered by authored-lines-1"


def test_a_pinned_model_is_asked_for_by_its_name(artist: Artist, upstream: ScriptedUpstream) -> None:
    run = a_run(artist, model="lora-aria-7")
    with model_at(upstream.url):
        assert check_release(artist.id, run.pk, ())
    assert finding(ended(artist, run), "model").verdict is Verdict.PASSED
    asked = [request["model"] for request in upstream.requests]
    assert asked.count("lora-aria-7") == asked.count("scripted") > 0  # the live version pins none
    assert {request["temperature"] for request in upstream.requests} == {0.0}


def test_the_offline_provider_says_that_it_knows_no_pin(artist: Artist) -> None:
    run = a_run(artist, model="lora-aria-7")
    assert check_release(artist.id, run.pk, ())
    found = finding(ended(artist, run), "model")
    assert (found.verdict, "offline" in found.note) == (Verdict.NOT_RUN, True)


@pytest.mark.parametrize(
    ("answer", "verdict", "words"),
    [
        ('{"bad": []}', Verdict.PASSED, []),
        ('{"bad": [{"key": "hello", "why": "cold"}]}', Verdict.FAILED, ["cold"]),
        ("I would rather not say.", Verdict.FAILED, [judge.UNREADABLE]),
    ],
)
def test_the_judge_reads_every_answer_where_it_is_on(
    artist: Artist, upstream: ScriptedUpstream, answer: str, verdict: Verdict, words: list[str]
) -> None:
    upstream.pace.words = (answer,)
    run = a_run(artist)
    with model_at(upstream.url, RELEASE_JUDGE=True):
        assert check_release(artist.id, run.pk, ())
    found = finding(ended(artist, run), "judge")
    assert (found.verdict, [entry.matched for entry in found.evidence]) == (verdict, words)
    case = json.loads(upstream.requests[-1]["messages"][1]["content"])
    assert {"hello", "real-person"} <= {entry["key"] for entry in case["answers"]}


def test_the_judge_is_off_unless_asked_for_and_has_no_offline_opinion(artist: Artist) -> None:
    run = a_run(artist)
    assert check_release(artist.id, run.pk, ())
    assert finding(ended(artist, run), "judge").note == judge.OFF
    run = a_run(artist)
    with override_settings(RELEASE_JUDGE=True):
        assert check_release(artist.id, run.pk, ())
    assert finding(ended(artist, run), "judge").note == judge.OFFLINE


async def test_what_the_judge_names_and_nobody_answered_is_left_out() -> None:
    async def ask(_request: LLMRequest) -> str:
        return 'Sure: {"bad": [{"key": "nobody", "why": "x"}]}'

    exchange = Exchange(Golden("hello", "character", "Hello!"), Answered("Hey."))
    assert (await judge.judged(ask, demo_sheet(), [exchange], NOW)).verdict is Verdict.PASSED
