"""`manage.py eval_persona`: does the persona hold ten minutes? Exit status 1 when a limit is missed."""

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.management.base import CommandError, CommandParser

from companion.kernel.commands import ServiceCommand
from companion.providers.errors import ProviderError
from conversations.rehearsal.casting import Troupe, on_stage
from conversations.rehearsal.score import Measure, embedded, hold_all, measured
from conversations.rehearsal.scripts import Malformed, Script, own_scripts, read
from conversations.rehearsal.talks import Talk
from personas.selectors import live_version
from tenancy.services import known_artist


class Command(ServiceCommand):
    help = "Scripted fans talk with the live persona for ten minutes of virtual time; limits say whether it held."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="scripts; without one, our own")
        parser.add_argument("--artist", default=settings.DEFAULT_ARTIST, metavar="SLUG")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of a table")
        parser.add_argument("--talks", action="store_true", help="print the talks as well")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            scripts = [read(path) for path in options["files"]] or own_scripts()
        except (Malformed, OSError) as error:
            raise CommandError(str(error)) from error
        artist = known_artist(options["artist"])
        talks, result = _rehearsed(artist.id, scripts)
        if options["talks"]:
            self.stdout.write("\n\n".join(map(_transcript, talks)) + "\n")
        self.stdout.write(json.dumps(_as_json(result)) if options["json"] else _table(result))
        if not all(measure.passed for measure in result.values()):
            sys.exit(1)


def _rehearsed(artist: UUID, scripts: Sequence[Script]) -> tuple[Sequence[Talk], Mapping[str, Measure]]:
    troupe, live = Troupe.from_settings(), live_version(artist=artist)
    if live is None:
        raise CommandError("This artist has no live persona.")

    async def rehearsed() -> tuple[Sequence[Talk], Mapping[str, Measure]]:
        async with on_stage(artist, troupe, live.sheet, model=live.model) as cast:
            talks = await hold_all(cast, scripts, datetime.now(UTC))
            return talks, measured(talks, await embedded(cast, talks))

    try:
        return asyncio.run(rehearsed())
    except ProviderError as error:
        raise CommandError(f"The persona cannot be heard: {error}") from error


def _as_json(result: Mapping[str, Measure]) -> dict[str, Any]:
    return {name: {"value": one.value, "limit": one.limit, "pass": one.passed} for name, one in result.items()}


def _table(result: Mapping[str, Measure]) -> str:
    rows = []
    for name, one in result.items():
        sign = ">=" if one.at_least else "<="
        verdict = "holds" if one.passed else "MISSED"
        rows.append(f"{name.replace('_', ' '):20}{one.value:7.3f}  {sign} {one.limit:<6}{verdict}")
        if not one.passed:
            rows += [f"    {sentence}" for sentence in one.evidence]
    return "\n".join(rows)


def _transcript(talk: Talk) -> str:
    heading = f"{talk.script.name}: {talk.script.voice}"
    turns = (
        f"{one.line.at_s // 60:02}:{one.line.at_s % 60:02}  {one.said}\n    > {one.reply}" for one in talk.exchanges
    )
    return "\n".join([heading, *turns])
