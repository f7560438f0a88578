"""The job of the release gate: lets a draft and the live version answer, and has the draft checked."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import structlog
from django.conf import settings

from companion.kernel.heartbeats import beating
from companion.providers.errors import ProviderError
from companion.providers.llm.base import LLMRequest
from companion.providers.llm.fallback import LLMChain
from companion.providers.llm.offline import OfflineLLM
from conversations.rehearsal.casting import Troupe
from conversations.rehearsal.lasting import lasts
from conversations.rehearsal.scripts import Script
from conversations.rehearsal.speaker import RehearsedFan, ask_model, rehearse
from conversations.rehearsal.talks import Cast
from memory.contracts import Remark
from personas.context import PersonaContext
from personas.release import judge, runs
from personas.release.checks.base import Subject
from personas.release.checks.meaning import Meanings, meanings
from personas.release.checks.registry import run_checks
from personas.release.contracts import Answered, Exchange, Finding, Golden, Results
from personas.release.golden import golden_prompts
from personas.release.selectors import Case, case_of

log = structlog.get_logger(__name__)
# Who asks the golden prompts.
FAN = RehearsedFan("Robin")
# So many prompts are at the model at the same time.
AT_ONCE = 6
NO_MODEL = "No model answered. Ask for the checks again when the provider is back."
CRASHED = "The checks broke off. The log of the worker has the error."


def check_release(artist: UUID, run: UUID, scripts: Sequence[Script]) -> bool:
    """Makes the checks of a run and stores what they found; False when the run is not this job's to make.

    `scripts` are the fans of the ten minutes. Raises what is no provider's error, after it has ended the run.
    """
    epoch = runs.begin(artist, run)
    if epoch is None:
        return False
    try:
        now = datetime.now(UTC)
        with beating(lambda: runs.renew(artist, run, epoch)):
            checking = _Checking(case_of(run, artist=artist, now=now), Troupe.from_settings(), meanings(), now)
            results = asyncio.run(checking.results(scripts))
    except ProviderError as error:
        log.warning("release.no_model", run=str(run), error=error.code)
        return runs.give_up(artist, run, epoch, NO_MODEL)
    except Exception:
        runs.give_up(artist, run, epoch, CRASHED)
        raise
    return runs.finish(artist, run, epoch, results)


@dataclass(frozen=True, slots=True)
class _Checking:
    """One run of the checks, at one moment."""

    case: Case
    troupe: Troupe
    meanings: Meanings | None
    now: datetime

    @property
    def chain(self) -> LLMChain:
        return self.troupe.providers.llm

    @property
    def is_offline(self) -> bool:
        return self.chain.links[0].llm.name == OfflineLLM.name

    async def results(self, scripts: Sequence[Script]) -> Results:
        """Closes the models afterwards."""
        try:
            exchanges = await self._exchanges()
            findings = run_checks(await self._read(self._subject(exchanges)))
            lasting = await lasts(self._cast(self.case.draft), self._live_cast(), scripts, self.now)
            return Results((*findings, lasting, await self._judged(exchanges)), exchanges)
        finally:
            await self.troupe.providers.aclose()

    async def _exchanges(self) -> tuple[Exchange, ...]:
        draft, live = self.case.draft, self.case.live
        refused = [boundary.name for version in (live, draft) if version for boundary in version.sheet.boundaries]
        prompts = golden_prompts(draft.name, refused)
        drafts = await self._answers(draft, prompts)
        lives = await self._answers(live, prompts) if live else [None] * len(prompts)
        return tuple(map(Exchange, prompts, drafts, lives))

    async def _answers(self, version: PersonaContext, prompts: Sequence[Golden]) -> list[Answered]:
        places = asyncio.Semaphore(AT_ONCE)

        async def answer(golden: Golden) -> Answered:
            async with places:
                said = await rehearse(
                    self.chain, version, FAN, _talk(golden), golden.asked, self.now, killed=self.troupe.killed
                )
            return Answered(said.text, said.model)

        return await asyncio.gather(*map(answer, prompts))

    async def _read(self, subject: Subject) -> Subject:
        return replace(subject, alike=await self.meanings.read(subject)) if self.meanings else subject

    def _subject(self, exchanges: Sequence[Exchange]) -> Subject:
        draft, live = self.case.draft, self.case.live
        return Subject(
            name=draft.name,
            sheet=draft.sheet,
            live=live.sheet if live else None,
            banned=self.case.banned,
            exchanges=exchanges,
            model=draft.model,
            ignores_model=self.is_offline,
            other_artists=self.case.other_artists,
            schedule=draft.schedule,
            now=self.now,
        )

    def _live_cast(self) -> Cast | None:
        return self._cast(self.case.live) if self.case.live else None

    def _cast(self, version: PersonaContext) -> Cast:
        """The version in ten minutes of talk, from its own lines: the corpus is not what is released here."""

        async def read(_text: str) -> PersonaContext:
            return version

        providers = self.troupe.providers
        return Cast(
            version.name,
            self.chain,
            providers.embedder,
            self.troupe.extractor,
            read,
            settings.WINDOW_PAIRS,
            self.troupe.killed,
        )

    async def _judged(self, exchanges: Sequence[Exchange]) -> Finding:
        if not settings.RELEASE_JUDGE:
            return judge.not_asked()
        if self.is_offline:
            return judge.not_asked(judge.OFFLINE)
        return await judge.judged(self._ask, self.case.draft.sheet, exchanges, self.now)

    async def _ask(self, request: LLMRequest) -> str:
        return (await ask_model(self.chain, request, self.troupe.killed)).text


def _talk(golden: Golden) -> list[Remark]:
    """The fan begins, and they take turns."""
    return [
        Remark(UUID(int=place), "persona" if place % 2 == 0 else "fan", text)
        for place, text in enumerate(golden.talk, 1)
    ]
