"""The jobs: a turn is archived once, quiet talk is told once and read by the grammar, the command does it now."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import Client

from companion.kernel.models import OutboxEvent
from companion.providers.embeddings import configured
from companion.subscriptions import SUBSCRIPTIONS
from conversations import idle, tasks
from memory import tasks as memory_tasks
from memory.models import ArchiveLine, Memory, SessionMark
from memory.services import correct
from tenancy.context import tenant
from tests.factories import FanLogin, make_artist, make_exchange, make_fan, make_memory
from tests.memory.people import Words, tell, texts


@pytest.fixture
def fan() -> FanLogin:
    return make_fan(make_artist())


@pytest.fixture(autouse=True)
def _words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(configured, "embedder", Words)


def told(fan: FanLogin, topic: str) -> int:
    events = OutboxEvent.objects.using("system").filter(topic=topic, artist_id=fan.fan.artist_id)
    return events.filter(payload__fan_id=str(fan.fan.id)).count()


def archive(fan: FanLogin, said: str) -> list[str]:
    message = tell(fan, said)
    for _ in range(2):
        tasks.archive_turn(str(fan.fan.artist_id), str(message.turn_id), str(fan.fan.id), "completed")
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        return list(ArchiveLine.objects.order_by("message_id").values_list("text", flat=True))


def test_every_topic_leads_to_a_job_that_is_there() -> None:
    from django.utils.module_loading import import_string

    assert all(callable(import_string(job)) for jobs in SUBSCRIPTIONS.values() for job in jobs)


def test_a_turn_is_archived_once_and_marks_the_talk(fan: FanLogin) -> None:
    assert archive(fan, "It rained all day") == ["It rained all day", "I see."]
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        assert SessionMark.objects.get().last_said_at is not None


def test_a_secret_is_not_archived(fan: FanLogin) -> None:
    assert archive(fan, "My card is 4111 1111 1111 1111") == ["I see."]


def test_quiet_talk_is_told_once_and_talk_that_goes_on_is_not(fan: FanLogin) -> None:
    archive(fan, "It rained all day")
    quiet = datetime.now(UTC) + timedelta(seconds=settings.MEMORY_IDLE_S + 1)
    idle.sweep_idle(datetime.now(UTC))
    assert told(fan, idle.SESSION_IDLE) == 0
    idle.sweep_idle(quiet)
    idle.sweep_idle(quiet + timedelta(seconds=30))
    assert told(fan, idle.SESSION_IDLE) == 1
    tasks.extract_session(str(fan.fan.artist_id), str(fan.fan.id))
    idle.sweep_idle(quiet + timedelta(hours=1))
    assert told(fan, idle.SESSION_IDLE) == 1


def test_the_end_of_a_session_is_read_by_the_grammar(fan: FanLogin) -> None:
    make_exchange(fan, "My dog is called Bruno.", "Lovely.")
    with tenant(fan.fan.artist_id):
        slug = fan.fan.artist.slug
    answer = Client().post(f"/api/v1/artists/{slug}/sessions/end", headers=fan.headers)
    assert answer.status_code == 202
    assert told(fan, "session.ended") == 1
    for _ in range(2):
        tasks.extract_session(str(fan.fan.artist_id), str(fan.fan.id))
    (text,) = texts(fan)
    assert "Bruno" in text


def test_the_command_reads_now_and_refuses_what_is_not_there(fan: FanLogin) -> None:
    make_exchange(fan, "My dog is called Bruno.", "Lovely.")
    with tenant(fan.fan.artist_id):
        slug = fan.fan.artist.slug
    for arguments in (["--artist", "nobody-here"], ["--artist", slug, "--fan", "nobody@fans.example"]):
        with pytest.raises(CommandError):
            call_command("extract_memories", *arguments)
    assert texts(fan) == []
    out = StringIO()
    call_command("extract_memories", "--artist", slug, "--fan", fan.user.email, stdout=out)
    assert "1 memories of 1 fans" in out.getvalue()
    assert len(texts(fan)) == 1


def test_a_corrected_memory_gets_a_vector_of_its_new_wording(fan: FanLogin) -> None:
    memory = make_memory(fan)
    correct(memory.id, "She likes snow", artist=fan.fan.artist_id, fan=fan.fan.id, now=datetime.now(UTC))
    assert memory_tasks.embed_memory(str(fan.fan.artist_id), str(memory.id))
    assert not memory_tasks.embed_memory(str(fan.fan.artist_id), str(memory.id))
    with tenant(fan.fan.artist_id, fan=fan.fan.id):
        assert Memory.objects.get().embedding_model == Words.model
