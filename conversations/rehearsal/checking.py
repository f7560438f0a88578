"""The job of the release gate: lets a draft and the live version answer the golden prompts, and has both checked."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from uuid import UUID

import structlog
from django.conf import settings

from companion.providers.config import from_settings
from companion.providers.errors import ProviderError
from companion.providers.http import close_session
from companion.providers.llm.base import LLMRequest
from companion.providers.llm.fallback import LLMChain
from companion.providers.llm.offline import OfflineLLM
from companion.providers.llm.registry import build_llm_chain
from conversations.rehearsal.speaker import RehearsedFan, ask_model, rehearse
from memory.contracts import Remark
from personas.context import PersonaContext
from personas.release import judge, runs
from personas.release.checks.base import Subject
from personas.release.checks.registry import run_checks
from personas.release.contracts import Answered, Exchange, Finding, Golden, Results
from personas.release.golden import golden_prompts
from personas.release.selectors import Case, case_of
from tenancy.switches import stored_state

log = structlog.get_logger(__name__)
# Who asks the golden prompts.
FAN = RehearsedFan("Robin")
# So many prompts are at the model at the same time.
AT_ONCE = 6
NO_MODEL = "No model answered. Ask for the checks again when the provider is back."
CRASHED = "The checks broke off. The log of the worker has the error."


@dataclass(frozen=True, slots=True)
class Model:
    """What answers, and which providers are switched off as the job begins."""

    chain: LLMChain
    killed: Callable[[str], bool]

    @property
    def is_offline(self) -> bool:
        return self.chain.links[0].llm.name == OfflineLLM.name

    async def ask(self, request: LLMRequest) -> str:
        return (await ask_model(self.chain, request, self.killed)).text


def check_release(artist: UUID, run: UUID) -> bool:
    """Makes the checks of a run and stores what they found; False when the run is not this job's to make."""
    epoch = runs.begin(artist, run)
    if epoch is None:
        return False
    try:
        results = _results(case_of(run, artist=artist, now=datetime.now(UTC)))
    except ProviderError as error:
        log.warning("release.no_model", run=str(run), error=error.code)
        return runs.give_up(artist, run, epoch, NO_MODEL)
    except Exception:
        runs.give_up(artist, run, epoch, CRASHED)
        raise
    return runs.finish(artist, run, epoch, results)


def _results(case: Case) -> Results:
    # Nobody watches this talk, so the offline provider need not type at a person's pace.
    config = replace(from_settings(settings), offline_token_s=0.0)
    model = Model(build_llm_chain(config), stored_state().providers.__contains__)
    return asyncio.run(_checked(case, model, datetime.now(UTC)))


async def _checked(case: Case, model: Model, now: datetime) -> Results:
    try:
        exchanges = await _exchanges(case, model, now)
        findings = run_checks(_subject(case, exchanges, model, now))
        return Results((*findings, await _judged(case, exchanges, model, now)), exchanges)
    finally:
        await close_session()


async def _exchanges(case: Case, model: Model, now: datetime) -> tuple[Exchange, ...]:
    versions = [version for version in (case.live, case.draft) if version is not None]
    refused = [boundary.name for version in versions for boundary in version.sheet.boundaries]
    prompts = golden_prompts(case.draft.name, refused)
    drafts = await _answers(case.draft, prompts, model, now)
    lives = await _answers(case.live, prompts, model, now) if case.live else [None] * len(prompts)
    return tuple(map(Exchange, prompts, drafts, lives))


async def _answers(version: PersonaContext, prompts: Sequence[Golden], model: Model, now: datetime) -> list[Answered]:
    places = asyncio.Semaphore(AT_ONCE)

    async def answer(golden: Golden) -> Answered:
        async with places:
            said = await rehearse(model.chain, version, FAN, _talk(golden), golden.asked, now, killed=model.killed)
        return Answered(said.text, said.model)

    return await asyncio.gather(*map(answer, prompts))


def _talk(golden: Golden) -> list[Remark]:
    """The fan begins, and they take turns."""
    return [
        Remark(UUID(int=place), "persona" if place % 2 == 0 else "fan", text)
        for place, text in enumerate(golden.talk, 1)
    ]


async def _judged(case: Case, exchanges: Sequence[Exchange], model: Model, now: datetime) -> Finding:
    if not settings.RELEASE_JUDGE:
        return judge.not_asked()
    if model.is_offline:
        return judge.not_asked(judge.OFFLINE)
    return await judge.judged(model.ask, case.draft.sheet, exchanges, now)


def _subject(case: Case, exchanges: Sequence[Exchange], model: Model, now: datetime) -> Subject:
    draft, live = case.draft, case.live
    return Subject(
        name=draft.name,
        sheet=draft.sheet,
        live=live.sheet if live else None,
        banned=case.banned,
        exchanges=exchanges,
        model=draft.model,
        ignores_model=model.is_offline,
        other_artists=case.other_artists,
        schedule=draft.schedule,
        now=now,
    )
