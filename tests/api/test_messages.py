"""History, why, reports and thumbs: each fan's own, and nobody else's."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from companion.kernel.clock import rfc3339
from companion.kernel.models import OutboxEvent
from conversations.models import Feedback, Message, Report
from memory.models import Memory
from moderation.models import Case
from tenancy import services
from tenancy.context import tenant
from tenancy.models import Artist, Fan
from tests.api.client import Api, problem, refusal
from tests.factories import ACTOR, FanLogin, make_artist, make_exchange, make_fan, make_memory

NEVER = "01980000-0000-7000-8000-000000000000"


def rows(artist: Artist, query: Callable[[], Any]) -> Any:
    with tenant(artist.id):
        return query()


def test_history_is_newest_first_and_whole_over_its_pages(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    said = [str(message.id) for n in range(4) for message in make_exchange(fan, f"said {n}", f"reply {n}")]
    seen: list[str] = []
    query: dict[str, Any] = {"limit": 3}
    while True:
        page = api.get(f"/artists/{artist.slug}/messages", fan, **query).json()
        seen += [item["id"] for item in page["items"]]
        if page["next_cursor"] is None:
            break
        query["cursor"] = page["next_cursor"]
    assert seen == said[::-1]


def test_a_message_is_as_the_contract_has_it(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    _, reply = make_exchange(fan, "سلام 👨‍👩‍👧", "안녕")
    items = api.get(f"/artists/{artist.slug}/messages", fan).json()["items"]
    assert items[1]["text"] == "سلام 👨‍👩‍👧"
    created_at = items[0].pop("created_at")
    assert created_at.endswith("Z")
    assert datetime.fromisoformat(created_at) - reply.created_at < timedelta(milliseconds=1)
    assert items[0] == {
        "id": str(reply.id),
        "turn": str(reply.turn_id),
        "role": "persona",
        "text": "안녕",
        "status": "complete",
        "source": "text",
        "degraded": False,
    }


def test_history_shows_neither_another_fan_of_the_artist_nor_the_same_person_with_another(api: Api) -> None:
    artist, other = make_artist(), make_artist()
    fan, neighbour = make_fan(artist), make_fan(artist)
    elsewhere = make_fan(other, user=fan.user)
    make_exchange(neighbour)
    make_exchange(elsewhere)
    assert api.get(f"/artists/{artist.slug}/messages", fan).json() == {"items": [], "next_cursor": None}
    assert len(api.get(f"/artists/{other.slug}/messages", fan).json()["items"]) == 2


def test_history_stays_readable_while_the_artist_is_paused_or_the_fan_sanctioned(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    make_exchange(fan)
    services.set_switch(on=True, scope="artist", artist=artist.id, reason="test", actor=ACTOR)
    rows(artist, lambda: Fan.objects.filter(id=fan.fan.id).update(sanction=Fan.Sanction.BANNED))
    assert len(api.get(f"/artists/{artist.slug}/messages", fan).json()["items"]) == 2


def test_why_tells_passages_and_mood_of_the_turns_trace(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    in_mind = {"id": NEVER, "title": "Diary", "text": "The kitchen at night has the best sound of the house."}
    retold = {"id": NEVER, "title": "Interview", "text": "I wrote the song on a ferry, in the rain."}
    said = "That song? I wrote it on a ferry!"
    _, reply = make_exchange(
        fan, "Where did you write it?", said, passages=[in_mind, retold], mood=["dreamy", "It rains."]
    )
    assert api.get(f"/artists/{artist.slug}/messages/{reply.id}/why", fan).json() == {
        "memories": [],
        "passages": [
            {"title": "Interview", "quote": retold["text"], "drawn": True},
            {"title": "Diary", "quote": in_mind["text"], "drawn": False},
        ],
        "mood": {"label": "dreamy", "line": "It rains."},
    }


def test_why_is_empty_where_nothing_was_used(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    _, reply = make_exchange(fan)
    body = api.get(f"/artists/{artist.slug}/messages/{reply.id}/why", fan).json()
    assert body == {"memories": [], "passages": [], "mood": None}


def recalling(memory: Memory, said_at: datetime) -> dict[str, Any]:
    """What a trace keeps of a memory that the reply speaks of."""
    source = {"message": NEVER, "quote": "It rains", "said_at": rfc3339(said_at)}
    return {
        "memories": [{"id": str(memory.id), "text": memory.text, "source": source}],
        "drawn_on": [{"id": str(memory.id), "said_at": rfc3339(said_at)}],
    }


def test_a_reply_tells_since_when_it_knows_until_that_is_forgotten_or_put_right(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    said_at = datetime(2026, 11, 20, 21, 14, tzinfo=UTC)
    rain, tea = make_memory(fan, "She likes rain"), make_memory(fan, "She drinks tea")
    for memory in (rain, tea):
        make_exchange(fan, **recalling(memory, said_at))
    make_exchange(fan, memories=recalling(rain, said_at)["memories"])  # it stood in the prompt, and nothing came of it

    def told() -> list[str | None]:
        items = api.get(f"/artists/{artist.slug}/messages", fan).json()["items"]
        return [item.get("remembered_from") for item in items if item["role"] == "persona"]

    assert told() == [None, "2026-11-20T21:14:00.000Z", "2026-11-20T21:14:00.000Z"]
    api.patch(f"/artists/{artist.slug}/memories/{tea.id}", {"text": "She drinks coffee"}, fan)
    assert told() == [None, None, "2026-11-20T21:14:00.000Z"]
    api.send("DELETE", f"/artists/{artist.slug}/memories/{rain.id}", b"", fan)
    assert told() == [None, None, None]


def test_why_tells_what_a_reply_speaks_of_before_what_it_only_had_in_mind(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    now = datetime.now(UTC)
    rain, tea = (recalling(make_memory(fan, text), now) for text in ("She likes rain", "She drinks tea"))
    _, reply = make_exchange(fan, memories=rain["memories"] + tea["memories"], drawn_on=tea["drawn_on"])
    memories = api.get(f"/artists/{artist.slug}/messages/{reply.id}/why", fan).json()["memories"]
    assert [(item["text"], item["drawn"]) for item in memories] == [("She drinks tea", True), ("She likes rain", False)]


def test_a_page_of_the_history_asks_as_often_however_long_it_is(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    memory = make_memory(fan)

    def queries() -> int:
        with CaptureQueriesContext(connections["default"]) as asked:
            api.get(f"/artists/{artist.slug}/messages", fan, limit=100)
        return len(asked)

    make_exchange(fan, **recalling(memory, datetime.now(UTC)))
    one = queries()
    for _ in range(9):
        make_exchange(fan, **recalling(memory, datetime.now(UTC)))
    assert queries() == one


def test_a_report_is_kept_and_opens_a_case(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    _, reply = make_exchange(fan)
    answer = api.post(f"/artists/{artist.slug}/messages/{reply.id}/report", {"reason": "untrue", "note": "No."}, fan)
    assert answer.status_code == 201
    kept = rows(artist, Report.objects.get)
    assert (str(kept.id), kept.message_id, kept.reason, kept.note) == (answer.json()["id"], reply.id, "untrue", "No.")
    case = rows(artist, Case.objects.get)
    assert (case.kind, case.turn_id, case.status) == ("report", reply.turn_id, "open")


@pytest.mark.parametrize(
    "body",
    [{}, {"reason": ""}, {"reason": "x" * 41}, {"reason": "other", "note": "x" * 1001}, {"reason": "a\u0000b"}, []],
)
def test_a_report_that_cannot_be_read_is_refused_and_nothing_kept(api: Api, body: Any) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    _, reply = make_exchange(fan)
    answer = api.post(f"/artists/{artist.slug}/messages/{reply.id}/report", body, fan)
    assert refusal(answer) == (422, "validation_error")
    assert rows(artist, Report.objects.count) == 0


def test_the_last_thumb_counts(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    _, reply = make_exchange(fan)
    for value in ("up", "down", "down"):
        answer = api.post(f"/artists/{artist.slug}/messages/{reply.id}/feedback", {"value": value}, fan)
        assert (answer.status_code, answer.json()) == (200, {"value": value})
    assert rows(artist, lambda: list(Feedback.objects.values_list("value", flat=True))) == ["down"]
    answer = api.post(f"/artists/{artist.slug}/messages/{reply.id}/feedback", {"value": "sideways"}, fan)
    assert refusal(answer) == (422, "validation_error")


def test_history_tells_the_fans_own_thumb_and_report(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    _, judged = make_exchange(fan)
    make_exchange(fan)
    api.post(f"/artists/{artist.slug}/messages/{judged.id}/feedback", {"value": "down"}, fan)
    api.post(f"/artists/{artist.slug}/messages/{judged.id}/report", {"reason": "untrue"}, fan)
    items = api.get(f"/artists/{artist.slug}/messages", fan).json()["items"]
    told = {item["id"]: (item["feedback"], item["reported"]) for item in items if "feedback" in item}
    assert told == {str(judged.id): ("down", True)}
    assert sum("reported" in item for item in items) == 1


CALLS: list[tuple[str, str, Any]] = [
    ("GET", "why", None),
    ("POST", "report", {"reason": "other"}),
    ("POST", "feedback", {"value": "up"}),
]


@pytest.mark.parametrize(("method", "call", "body"), CALLS)
def test_anothers_message_is_answered_like_one_that_never_was(api: Api, method: str, call: str, body: Any) -> None:
    artist = make_artist()
    fan, neighbour = make_fan(artist), make_fan(artist)
    _, reply = make_exchange(neighbour)

    def ask(who: FanLogin, message: object) -> Any:
        path = f"/artists/{artist.slug}/messages/{message}/{call}"
        return api.get(path, who) if method == "GET" else api.post(path, body, who)

    assert ask(neighbour, reply.id).status_code < 300
    count = rows(artist, lambda: (Report.objects.count(), Feedback.objects.count()))
    never = ask(fan, uuid.uuid4())
    assert refusal(never) == (404, "not_found")
    for message in (reply.id, NEVER, "nonsense"):
        answer = ask(fan, message)
        assert (answer.status_code, answer.content) == (never.status_code, never.content)
    assert rows(artist, lambda: (Report.objects.count(), Feedback.objects.count())) == count


@pytest.mark.parametrize("path", ["messages/{id}/report", "messages/{id}/feedback", "sessions/end"])
def test_a_sanctioned_fan_writes_nothing(api: Api, path: str) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    _, reply = make_exchange(fan)
    rows(artist, lambda: Fan.objects.filter(id=fan.fan.id).update(sanction=Fan.Sanction.MUTED))
    body = {"reason": "other"} if path.endswith("report") else {"value": "up"}
    answer = api.post(f"/artists/{artist.slug}/{path.format(id=reply.id)}", body, fan)
    assert refusal(answer) == (403, "sanctioned")
    assert rows(artist, lambda: (Report.objects.count(), Feedback.objects.count())) == (0, 0)


def test_a_sanction_that_has_run_out_counts_no_more(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    over = {"sanction": Fan.Sanction.MUTED, "sanction_until": datetime.now(UTC) - timedelta(seconds=1)}
    rows(artist, lambda: Fan.objects.filter(id=fan.fan.id).update(**over))
    assert api.post(f"/artists/{artist.slug}/sessions/end", None, fan).status_code == 202


def test_leaving_is_accepted_and_told_to_the_outbox(api: Api) -> None:
    artist = make_artist()
    fan = make_fan(artist)
    assert api.post(f"/artists/{artist.slug}/sessions/end", {}, fan).status_code == 202
    with connections["system"].cursor() as cursor:
        cursor.execute("select payload ->> 'fan_id' from kernel_outboxevent where artist_id = %s", [artist.id])
        assert cursor.fetchall() == [(str(fan.fan.id),)]
    assert OutboxEvent.objects.using("system").get(artist_id=artist.id).topic == "session.ended"


class TestIdempotencyKey:
    def report(self, api: Api, artist: Artist, fan: FanLogin, reply: Message, reason: str, key: str) -> Any:
        path = f"/artists/{artist.slug}/messages/{reply.id}/report"
        return api.post(path, {"reason": reason}, fan, **{"Idempotency-Key": key})

    def test_the_same_body_gets_the_same_answer_and_is_kept_once(self, api: Api) -> None:
        artist = make_artist()
        fan = make_fan(artist)
        _, reply = make_exchange(fan)
        first, second = (self.report(api, artist, fan, reply, "other", "k1") for _ in range(2))
        assert (first.status_code, first.content) == (second.status_code, second.content)
        assert rows(artist, Report.objects.count) == 1
        assert rows(artist, Case.objects.count) == 1

    def test_another_body_is_a_mismatch(self, api: Api) -> None:
        artist = make_artist()
        fan = make_fan(artist)
        _, reply = make_exchange(fan)
        self.report(api, artist, fan, reply, "other", "k1")
        assert refusal(self.report(api, artist, fan, reply, "untrue", "k1")) == (409, "idempotency_mismatch")
        assert rows(artist, Report.objects.count) == 1

    def test_a_key_is_one_persons_and_one_routes(self, api: Api) -> None:
        artist = make_artist()
        fan, neighbour = make_fan(artist), make_fan(artist)
        for who in (fan, neighbour):
            for _ in range(2):
                _, reply = make_exchange(who)
                assert self.report(api, artist, who, reply, "other", "k1").status_code == 201
        assert rows(artist, Report.objects.count) == 4

    def test_a_refused_request_may_be_mended_under_its_key(self, api: Api) -> None:
        artist = make_artist()
        fan = make_fan(artist)
        _, reply = make_exchange(fan)
        never = f"/artists/{artist.slug}/messages/{NEVER}/report"
        for _ in range(2):
            answer = api.post(never, {"reason": "other"}, fan, **{"Idempotency-Key": "k1"})
            assert refusal(answer) == (404, "not_found")
        assert self.report(api, artist, fan, reply, "other", "k1").status_code == 201

    @pytest.mark.parametrize("key", ["", "x" * 201, "a\x07b"])
    def test_a_key_that_cannot_be_kept_is_refused(self, api: Api, key: str) -> None:
        artist = make_artist()
        fan = make_fan(artist)
        _, reply = make_exchange(fan)
        answer = self.report(api, artist, fan, reply, "other", key)
        assert problem(answer)["errors"][0]["field"] == "Idempotency-Key"
        assert rows(artist, Report.objects.count) == 0
