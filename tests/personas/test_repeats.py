"""Moods and entries that repeat, as they are written and read: what has been stays, one time can be left out."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from companion.kernel.errors import NotFound, ValidationFailed
from companion.kernel.postgres import open_pool
from personas import selectors, services
from personas.context import PersonaContext, PersonaReader
from personas.models import Mood, Period, ScheduleEntry
from tests.console.teams import ACTOR, Team, entries, make_team

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = pytest.mark.parametrize("kind", [Mood, ScheduleEntry])


@pytest.fixture
def team() -> Team:
    return make_team()
