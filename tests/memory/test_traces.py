"""What a fan has had forgotten leaves the prompts that staff can read, whatever becomes of the job that does it."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from companion.kernel.models import AuditNote, OutboxEvent
from conversations import forgetting, tasks
from conversations.models import Message, Turn, TurnTrace
from conversations.turn.prompt import compose
from memory import services
from memory.contracts import WITHHELD, Recalled, RecalledLine, RecalledMemory, Remark
from memory.models import Memory, MemorySource, Tombstone
from memory.recall.trace import recall_trace
from tenancy.context import tenant
from tests.factories import FanLogin, make_artist, make_exchange, make_fan
from tests.simulation.ports import PERSONA
from tests.turn.test_prompt import asking

GONE = forgetting.GONE


@pytest.fixture
def fan() -> FanLogin:
    return make_fan(make_artist())


def remembered(fan: FanLogin, message: Message, text: str) -> Memory:
    keys = {"artist_id": fan.fan.artist_id, "fan_id": fan.fan.id}
    with tenant(fan.fan.artist_id):
        memory = Memory.objects.create(
            **keys, kind="relationship", subject="pet:dog", text=text, said_at=message.created_at
        )
        MemorySource.objects.create(
            **keys, memory=memory, message_id=message.id, quote=message.text, said_at=message.created_at
        )
    return memory


def traced(fan: FanLogin, memory: Memory, before: list[Message], *, asked: str, status: str = "completed") -> TurnTrace:
    """A turn's trace as the engine writes it: a memory, an old line and the talk before."""
    mine, _ = make_exchange(fan, asked, "I remember.")
    old, *window = before
    with tenant(fan.fan.artist_id):
        Turn.objects.filter(id=mine.turn_id).update(status=status)
        system = f"You are Aria.\n\nKnown:\n- {memory.text}\n- you like tea\n\nSaid:\n- 2026-03-01 fan: {old.text}"
        talk = [{"role": "user" if m.role == "fan" else "assistant", "content": m.text} for m in window]
        trace = TurnTrace.objects.get(turn_id=mine.turn_id)
        trace.prompt = [{"role": "system", "content": system}, *talk, {"role": "user", "content": asked}]
        trace.context = {
            "memories": [entry(memory)],
            "archive": [str(old.id)],
            "window": [str(message.id) for message in window],
        }
        trace.save(update_fields=["prompt", "context"])
    return trace


def entry(memory: Memory) -> dict[str, Any]:
    with tenant(memory.artist_id):
        told = memory.sources.get()
    source = {"message": str(told.message_id), "quote": told.quote, "said_at": "2026-03-01T00:00:00.000Z"}
    return {"id": str(memory.id), "text": memory.text, "source": source}


def after(trace: TurnTrace) -> TurnTrace:
    with tenant(trace.artist_id):
        return TurnTrace.objects.get(id=trace.id)


def scrub(fan: FanLogin) -> int:
    return tasks.scrub_traces(str(fan.fan.artist_id), str(fan.fan.id))


def told(fan: FanLogin) -> int:
    events = OutboxEvent.objects.using("system").filter(topic=services.FORGOTTEN, artist_id=fan.fan.artist_id)
    return events.filter(payload__fan_id=str(fan.fan.id)).count()


def settled(fan: FanLogin) -> bool:
    with tenant(fan.fan.artist_id):
        return not Tombstone.objects.filter(settled_at=None).exists()


def forget(fan: FanLogin, memory: Memory) -> None:
    services.forget_one(memory.id, artist=fan.fan.artist_id, fan=fan.fan.id, now=datetime.now(UTC))


def consent(fan: FanLogin, *, given: bool) -> None:
    services.set_settings(
        artist=fan.fan.artist_id, fan=fan.fan.id, paused=None, special_categories=given, now=datetime.now(UTC)
    )


def scene(fan: FanLogin, *, status: str = "completed") -> tuple[Memory, TurnTrace]:
    said = [
        make_exchange(fan, text, reply) for text, reply in (("My dog is Bruno", "Bruno!"), ("It rains", "Here too."))
    ]
    memory = remembered(fan, said[0][0], "your dog is called Bruno")
    before = [said[0][0], said[0][1], *said[1]]
    return memory, traced(fan, memory, before, asked="Do you know my dog Bruno?", status=status)


def test_the_prompt_keeps_its_shape_and_says_what_was_forgotten(fan: FanLogin) -> None:
    memory, trace = scene(fan)
    forget(fan, memory)
    assert told(fan) == 1
    assert scrub(fan) == 1
    found = after(trace)
    assert "Bruno" not in str(found.prompt) + str(found.context)
    system, *talk = [part["content"] for part in found.prompt]
    assert system == f"You are Aria.\n\nKnown:\n- {GONE}\n- you like tea\n\nSaid:\n- 2026-03-01 fan: {GONE}"
    assert talk == [GONE, "It rains", "Here too.", GONE]
    (known,) = found.context["memories"]
    assert (known["id"], known["forgotten"]) == (str(memory.id), True)
    assert found.context["window"] == trace.context["window"]
    note = AuditNote.objects.using("system").filter(artist_id=fan.fan.artist_id, action="fan.traces_scrubbed").get()
    assert note.content == {"traces": 1}
    assert scrub(fan) == 0


def test_a_prompt_as_it_is_composed_loses_what_was_forgotten(fan: FanLogin) -> None:
    memory, trace = scene(fan)
    old = trace.context["archive"][0]
    with tenant(fan.fan.artist_id):
        Memory.objects.filter(id=memory.id).update(text="your dog\nis “Bruno” [happy]")
        Message.objects.filter(id=old).update(text="My dog is “Bruno”,\nyou know")
        memory.refresh_from_db()
        line = Message.objects.get(id=old)
    known = RecalledMemory(memory.id, "relationship", memory.text, line.id, line.text, line.created_at, 0.9)
    said = RecalledLine(line.id, "fan", line.text, line.created_at, 0.5)
    asked = asking("Do you know my dog Bruno?")
    prompt = compose(asked, PERSONA, Recalled((known,), (said,)), [], datetime.now(UTC))
    with tenant(fan.fan.artist_id):
        trace.prompt = [{"role": part.role, "content": part.content} for part in prompt.request.messages]
        trace.context = recall_trace(prompt.recalled) | {"window": []}
        trace.save(update_fields=["prompt", "context"])
    assert str(trace.prompt).count("Bruno") == 3

    forget(fan, memory)
    assert scrub(fan) == 1
    found = after(trace)
    assert "Bruno" not in str(found.prompt) + str(found.context)
    assert found.prompt[0]["content"].count(f"“{GONE}”") == 1
    assert f" fan: {GONE}”" in found.prompt[0]["content"]


def test_remarks_that_became_one_message_lose_just_what_was_forgotten(fan: FanLogin) -> None:
    memory, trace = scene(fan)
    _, rain, here = trace.context["window"]
    with tenant(fan.fan.artist_id):
        texts = dict(Message.objects.filter(id__in=trace.context["window"]).values_list("id", "text"))
        window = [Remark(UUID(key), "fan", texts[UUID(key)]) for key in (rain, here)]
        bruno = Message.objects.get(id=trace.context["archive"][0])
        Message.objects.filter(id=bruno.id).update(text="My dog is Bruno\n\n[happy] you know")
        window.insert(1, Remark(bruno.id, "fan", "My dog is Bruno\n\n[happy] you know"))
    prompt = compose(asking("Do you know my dog Bruno?"), PERSONA, Recalled(), window, datetime.now(UTC))
    with tenant(fan.fan.artist_id):
        trace.prompt = [{"role": part.role, "content": part.content} for part in prompt.request.messages]
        trace.context = {"window": [str(remark.id) for remark in window]}
        trace.save(update_fields=["prompt", "context"])
    assert len(trace.prompt) == 2

    forget(fan, memory)
    assert scrub(fan) == 1
    assert after(trace).prompt[1]["content"] == f"It rains\n\n{GONE}\n\nHere too.\n\n{GONE}"
    assert scrub(fan) == 0


def test_what_else_the_message_told_stays_without_its_words(fan: FanLogin) -> None:
    said, _ = make_exchange(fan, "My dog is Bruno and my birthday is on 3 March", "Noted.")
    dog, birthday = (
        remembered(fan, said, "your dog is called Bruno"),
        remembered(fan, said, "your birthday is on 3 March"),
    )
    trace = traced(fan, birthday, [said], asked="When is my birthday?")
    assert trace.context["memories"][0]["source"]["quote"] == said.text
    forget(fan, dog)
    assert scrub(fan) == 1
    (known,) = after(trace).context["memories"]
    assert (known["text"], known["source"]["quote"]) == ("your birthday is on 3 March", WITHHELD)
    assert "Bruno" not in str(after(trace).prompt)
    assert scrub(fan) == 0


def test_another_fans_trace_and_what_is_still_known_stay(fan: FanLogin) -> None:
    with tenant(fan.fan.artist_id):
        artist = fan.fan.artist
    neighbour = make_fan(artist)
    memory, _ = scene(fan)
    _, other = scene(neighbour)
    forget(fan, memory)
    scrub(fan)
    assert after(other).prompt == other.prompt
    assert scrub(neighbour) == 0


def test_a_correction_takes_the_old_wording_out(fan: FanLogin) -> None:
    memory, trace = scene(fan)
    services.correct(
        memory.id, "your dog is called Rex", artist=fan.fan.artist_id, fan=fan.fan.id, now=datetime.now(UTC)
    )
    assert scrub(fan) == 1
    assert "Bruno" not in str(after(trace).prompt)


def test_after_forgetting_all_no_words_of_the_fan_stand_in_a_trace(fan: FanLogin) -> None:
    _, trace = scene(fan)
    services.forget_all(artist=fan.fan.artist_id, fan=fan.fan.id, now=datetime.now(UTC))
    assert scrub(fan) == 1
    assert [part["content"] for part in after(trace).prompt[1:]] == [GONE] * 4


def test_consent_that_is_withdrawn_takes_the_memory_out_of_the_traces(fan: FanLogin) -> None:
    consent(fan, given=True)
    memory, trace = scene(fan)
    with tenant(fan.fan.artist_id):
        Memory.objects.filter(id=memory.id).update(category="health")
    consent(fan, given=False)
    assert told(fan) == 1
    scrub(fan)
    assert after(trace).context["memories"][0]["forgotten"]
    assert settled(fan)


def test_consent_that_is_withdrawn_takes_what_is_special_out_of_the_traces_and_leaves_the_rest(fan: FanLogin) -> None:
    consent(fan, given=True)
    said = [
        make_exchange(fan, "I have asthma", "Asthma is hard."),
        make_exchange(fan, "It rains", "Yes."),
    ]
    memory = remembered(fan, said[1][0], "you like rain")
    trace = traced(fan, memory, [said[0][0], *said[0], *said[1]], asked="Is my asthma bad?")
    with tenant(fan.fan.artist_id):
        trace.context["withheld"] = {"text": "Your asthma is bad.", "shown": 0}
        trace.save(update_fields=["context"])
    consent(fan, given=False)
    assert scrub(fan) == 1
    found = after(trace)
    assert "asthma" not in (str(found.prompt) + str(found.context)).lower()
    assert [part["content"] for part in found.prompt[1:]] == [GONE, GONE, "It rains", "Yes.", GONE]
    assert found.context["memories"][0]["text"] == "you like rain"
    later = traced(fan, memory, [said[1][0]], asked="And my asthma now?")
    assert scrub(fan) == 0
    assert after(later).prompt == later.prompt


def test_a_word_that_changes_nothing_takes_nothing_out(fan: FanLogin) -> None:
    scene(fan)
    for given in (False, True, True):
        consent(fan, given=given)
    assert told(fan) == 0
    assert settled(fan)
    with tenant(fan.fan.artist_id):
        assert not Tombstone.objects.exists()


def test_a_turn_that_still_runs_keeps_it_asked_for_until_its_trace_is_there(fan: FanLogin) -> None:
    memory, trace = scene(fan, status="running")
    with tenant(fan.fan.artist_id):
        kept = TurnTrace.objects.get(id=trace.id)
        TurnTrace.objects.using("system").filter(id=trace.id).delete()
    forget(fan, memory)
    assert scrub(fan) == 0
    assert not settled(fan)
    with tenant(fan.fan.artist_id):
        TurnTrace.objects.bulk_create([kept])
        Turn.objects.filter(id=kept.turn_id).update(status="completed")
    assert forgetting.sweep(datetime.now(UTC) + timedelta(minutes=5)) >= 1
    assert told(fan) == 2
    assert scrub(fan) == 1
    assert settled(fan)
    assert "Bruno" not in str(after(trace).prompt)


def test_a_lost_job_is_asked_for_again_until_it_was_done(fan: FanLogin) -> None:
    memory, _ = scene(fan)
    forget(fan, memory)
    forgetting.sweep(datetime.now(UTC))
    assert told(fan) == 1
    later = datetime.now(UTC) + timedelta(minutes=5)
    forgetting.sweep(later)
    assert told(fan) == 2
    scrub(fan)
    forgetting.sweep(later)
    assert told(fan) == 2
