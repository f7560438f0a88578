"""How one sentence of the fan's is answered. Each kind of answer returns the texts to say, or none to pass on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from companion.providers.llm.base import Grounding, ScheduleItem
from companion.providers.llm.offline import diary
from companion.providers.llm.offline.data import Cue, Ending
from companion.providers.llm.offline.desk import Desk
from companion.providers.llm.offline.library import Library
from companion.providers.llm.offline.own_words import own_words
from companion.providers.llm.offline.reading import Ask
from companion.providers.llm.offline.relevance import ANSWERS as ANSWERING
from companion.providers.llm.offline.relevance import TOUCHES
from companion.providers.llm.offline.words import RELATED_STEMS, terms

# A longer line stands by itself.
_BRIEF = 140
_EVENT, _WHEN = "{event}", "{when}"
_QUOTED_FACTS = ("“{fact}”", '"{fact}"', "«{fact}»", "„{fact}“")


@dataclass(frozen=True, slots=True)
class Answer:
    """`emotion` None leaves it to the mood."""

    parts: list[str]
    emotion: str | None = None
    ending: Ending = Ending.SOMETIMES


class Speaker:
    """The persona within one reply."""

    def __init__(self, grounding: Grounding, seed: str) -> None:
        self.grounding = grounding
        self.persona = grounding.persona
        self.desk = Desk(grounding, seed)
        self.library = Library(grounding)
        fans_words = [said.text for said in grounding.history if said.role == "fan"]
        # Newest first. Asked for, what was left unanswered a moment ago counts too; by herself she does not repeat it.
        self._earlier = own_words(fans_words)
        self._quotes = own_words((*fans_words, *grounding.asked[:-1]))

    def answer(self, ask: Ask) -> Answer:
        """What she says to this sentence; a persona without any line that fits says nothing."""
        if not ask.has("honesty"):
            deflection = self.say(self.library.crossed(ask.terms))
            if deflection:
                return Answer(deflection, "calm", Ending.NEVER)
        for cue in ask.cues:
            parts = _KINDS[cue.answer](self, ask, cue)
            if parts:
                return Answer(parts, cue.emotion, cue.ending)
        return self._by_relevance(ask)

    def say(self, lines: Sequence[str], **slots: str) -> list[str]:
        line = self.desk.pick(lines, **slots)
        return [line] if line else []

    def anything(self, but: str = "") -> list[str]:
        """A line of no particular subject that does not stand in the text `but`."""
        kinds = (self.persona.phrases, self.persona.questions, self.persona.fallbacks, self.persona.unknown)
        fresh = ([line for line in lines if line not in but] for lines in kinds)
        return next(filter(None, map(self.say, fresh)), [])

    def mood_line(self) -> list[str]:
        """How she is: the version's lines for this mood and the team's own."""
        return self.say(self._mood_lines())

    def recall(self, wanted: Sequence[str]) -> list[str]:
        """The fact that meets most of what is wanted, unless she mentioned it lately."""
        known = (*self._earlier, *self.grounding.facts)
        facts = [fact for fact in _about(known, self.library.telling(wanted)) if not self.desk.was_said(fact)]
        return self._tell(facts[0]) if facts else []

    # The kinds of answer; the names are those of intents.json.

    def honesty(self, _ask: Ask, _cue: Cue) -> list[str]:
        return self.say(self.persona.honesty)

    def unknown(self, _ask: Ask, _cue: Cue) -> list[str]:
        return self.say(self.persona.unknown)

    def boundary(self, _ask: Ask, cue: Cue) -> list[str]:
        return self.say(self.library.boundary(cue.topics))

    def memory(self, ask: Ask, _cue: Cue) -> list[str]:
        """Asked for something particular she tells that or says that she does not know; else her two newest facts."""
        known = list(dict.fromkeys((*self._quotes, *self.grounding.facts)))
        if not known:
            return self.say(self.persona.memory_empty) or self.say(self.persona.unknown)
        if ask.terms:
            fitting = _about(known, ask.terms)
            return self._tell(fitting[0]) if fitting else self.say(self.persona.unknown)
        unsaid = sorted(known, key=self.desk.was_said)
        return [part for fact in unsaid[:2] for part in self._tell(fact)]

    def name(self, _ask: Ask, _cue: Cue) -> list[str]:
        name = self.grounding.fan_name
        return self._tell(name) if name else self.say(self.persona.memory_empty) or self.say(self.persona.unknown)

    def whereabouts(self, ask: Ask, cue: Cue) -> list[str]:
        """What the schedule says of now, else of what comes next; never anything else."""
        running = diary.current(self.grounding.schedule, self.grounding.now)
        place = self.say(self.library.hinted(cue.topics))
        return place + (self._now(running[0]) if running else self.schedule(ask, cue))

    def schedule(self, ask: Ask, _cue: Cue) -> list[str]:
        coming = diary.upcoming(self.grounding.schedule, self.grounding.now)
        running = diary.current(self.grounding.schedule, self.grounding.now)
        if not coming:
            return self._now(running[0]) if running else self.say(self.persona.unknown)
        return self._next(diary.about(coming, ask.terms)[0])

    def mood(self, _ask: Ask, _cue: Cue) -> list[str]:
        return self.mood_line()

    def greeting(self, _ask: Ask, _cue: Cue) -> list[str]:
        return self.say(self.persona.greetings)

    def farewell(self, _ask: Ask, _cue: Cue) -> list[str]:
        return self.say(self.persona.farewells)

    def topic(self, ask: Ask, cue: Cue) -> list[str]:
        """A line of the topic that the cue hints at, after what she recalls and before what fits by its subject."""
        lines = self.library.hinted(cue.topics)
        hinted = self.say(lines)
        matches = self.library.about(ask.terms, ANSWERING)
        others = [match for match in matches if match.named and not match.candidate.by_name]
        fitting = self.desk.pick_match(others)
        return [*self.recall(ask.terms), *hinted, *([fitting] if fitting else [])] if hinted else []

    def comfort(self, _ask: Ask, cue: Cue) -> list[str]:
        """Nothing but kindness: in the topics' order, the first that the persona has."""
        return next(filter(None, (self.say(self.library.hinted([hint])) for hint in cue.topics)), [])

    def social(self, _ask: Ask, cue: Cue) -> list[str]:
        return self.say(self.library.hinted(cue.topics)) or self.say(self.persona.phrases)

    def lyric(self, ask: Ask, cue: Cue) -> list[str]:
        lyrics = [passage.text.strip() for passage in self.grounding.passages if passage.kind == "lyric"]
        return self.say(lyrics) or self.topic(ask, cue)

    def surprise(self, _ask: Ask, _cue: Cue) -> list[str]:
        return self.say(self.library.all_lines()) or self.say(self.persona.phrases)

    def peeve(self, ask: Ask, _cue: Cue) -> list[str]:
        """What annoys her, nearest to what was asked first."""
        peeves = self.library.peeves()
        fitting = self.desk.pick_match(
            [m for m in self.library.about(ask.terms, TOUCHES) if m.candidate.text in peeves]
        )
        return [fitting] if fitting else self.say(peeves)

    def more(self, _ask: Ask, _cue: Cue) -> list[str]:
        """Goes on with the topic of her last reply, else with what was last spoken of."""
        newest_first = [said.text for said in reversed(self.grounding.history)]
        for text in newest_first[:2]:
            going_on = [line for line in self.library.around(text) if not self.desk.was_said(line)]
            if going_on:
                return self.say(going_on)
        lines = (self.desk.pick_match(self.library.about(terms(text), 0.0)) for text in newest_first)
        return next(([line] for line in lines if line), [])

    def _by_relevance(self, ask: Ask) -> Answer:
        recalled = self.recall(ask.terms)
        matches = self.library.about(ask.terms, ANSWERING if ask.question else TOUCHES)
        fitting = self.desk.pick_match(matches)
        if fitting:
            further = [match for match in matches if match.score >= matches[0].score * 0.6]
            brief = len(fitting) < _BRIEF and not recalled
            second = self.desk.pick_match(further) if brief and self.desk.draw(3) else ""
            return Answer([*recalled, fitting, *([second] if second else [])])
        if recalled:
            return Answer(recalled)
        if ask.question:
            return Answer(self.say(self.persona.unknown), "thoughtful", Ending.ALWAYS)
        return Answer(self.say(self._fresh_mood_lines()) or self.say(self.persona.phrases), ending=Ending.ALWAYS)

    def _mood_lines(self) -> tuple[str, ...]:
        if self.grounding.mood is None:
            return ()
        label, line = self.grounding.mood
        moods = {name.casefold(): lines for name, lines in self.persona.moods.items()}
        return (*moods.get(label.casefold(), ()), *([line] if line else ()))

    def _fresh_mood_lines(self) -> list[str]:
        """Where nothing else is called for, her mood shows, once."""
        return [line for line in self._mood_lines() if not self.desk.was_said(line)]

    def _tell(self, fact: str) -> list[str]:
        """The fan's own words stand best in a line that puts them in quotation marks; what was noted down does not."""
        lines = self.persona.memory_recall
        quoting = [line for line in lines if any(quoted in line for quoted in _QUOTED_FACTS)]
        plain = [line for line in lines if line not in quoting]
        suitable = quoting if fact in self._quotes else plain
        return self.say(suitable or lines, fact=fact) or self.say(lines, fact=fact) or [fact]

    def _now(self, item: ScheduleItem) -> list[str]:
        lines = [line for line in self.library.with_slot(_EVENT) if _WHEN not in line]
        return self.say(lines, event=item.title) or [item.title]

    def _next(self, item: ScheduleItem) -> list[str]:
        lines = [line for line in self.library.with_slot(_EVENT) if _WHEN in line]
        when = diary.when(item, self.grounding.now)
        return self.say(lines, event=item.title, when=when) or [item.title, when]


def _about(facts: Sequence[str], wanted: Sequence[str]) -> list[str]:
    """Best first: each wanted word counts, a related one half."""
    scored = [(_overlap(wanted, terms(fact)), fact) for fact in facts]
    return [fact for score, fact in sorted(scored, key=lambda pair: -pair[0]) if score >= 1]


def _overlap(wanted: Sequence[str], fact: Sequence[str]) -> float:
    known = set(fact)
    return sum(1.0 if stem in known else 0.5 * bool(RELATED_STEMS.get(stem, frozenset()) & known) for stem in wanted)


_KINDS: dict[str, Callable[[Speaker, Ask, Cue], list[str]]] = {
    "honesty": Speaker.honesty,
    "unknown": Speaker.unknown,
    "boundary": Speaker.boundary,
    "memory": Speaker.memory,
    "name": Speaker.name,
    "whereabouts": Speaker.whereabouts,
    "schedule": Speaker.schedule,
    "mood": Speaker.mood,
    "greeting": Speaker.greeting,
    "farewell": Speaker.farewell,
    "topic": Speaker.topic,
    "comfort": Speaker.comfort,
    "social": Speaker.social,
    "lyric": Speaker.lyric,
    "surprise": Speaker.surprise,
    "peeve": Speaker.peeve,
    "more": Speaker.more,
}
