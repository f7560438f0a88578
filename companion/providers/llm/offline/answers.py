"""How one sentence of the fan's is answered. Each kind of answer returns the texts to say, or none to pass on."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from companion.providers.llm.base import Grounding, ScheduleItem
from companion.providers.llm.offline import diary
from companion.providers.llm.offline.data import MANNERS, NAMING, Cue, Ending
from companion.providers.llm.offline.desk import Desk
from companion.providers.llm.offline.library import Library
from companion.providers.llm.offline.own_words import own_words, statements
from companion.providers.llm.offline.reading import Ask
from companion.providers.llm.offline.relevance import ANSWERS as ANSWERING
from companion.providers.llm.offline.relevance import TOUCHES
from companion.providers.llm.offline.standing import stand
from companion.providers.llm.offline.words import RELATED_STEMS, plain, terms

# A longer line stands by itself.
_BRIEF = 140
# A second line has at least this share of the first one's score.
_FURTHER = 0.6
_EVENT, _WHEN = "{event}", "{when}"
_YOU = re.compile(r"^You(?=r?\b)")
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
        # What the fan put right is a sentence of its own; here it stands inside of others.
        grounding = replace(grounding, facts=tuple(_YOU.sub("you", fact) for fact in grounding.facts))
        self.grounding = grounding
        self.persona = grounding.persona
        self.desk = Desk(grounding, seed)
        self.library = Library(grounding)
        self.standing = stand(grounding)
        fans_words = [said.text for said in (*grounding.earlier, *grounding.history) if said.role == "fan"]
        # Newest first. Asked for, what was left unanswered a moment ago counts too; by herself she does not repeat it.
        self._earlier = own_words(fans_words)
        self._quotes = own_words((*fans_words, *grounding.asked[:-1]))
        self._stated = statements((*fans_words, *grounding.asked[:-1]))

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
        staying = self.manner("staying") if self.standing.hard and not ask.question else []
        return Answer(staying, "calm", Ending.NEVER) if staying else self._by_relevance(ask)

    def say(self, lines: Sequence[str], **slots: str) -> list[str]:
        line = self.desk.pick(lines, **slots)
        return [line] if line else []

    def manner(self, name: str) -> list[str]:
        """A line that suits whatever was said: intents.json, manners."""
        return self.say(self.library.hinted(MANNERS[name]))

    def anything(self, but: str = "") -> list[str]:
        """A line of no particular subject that does not stand in the text `but`."""
        if self.standing.hard and (staying := self.manner("staying")):
            return staying
        persona, mood = self.persona, self._unshown_mood()
        kinds = (mood, persona.phrases, persona.questions, persona.fallbacks, persona.unknown)
        fresh = ([line for line in lines if line not in but] for lines in kinds)
        return next(filter(None, map(self.say, fresh)), [])

    def welcome(self) -> list[str]:
        """What she remembers of a fan who comes back, unless she told it lately."""
        facts = self.grounding.facts
        return [] if any(map(self.desk.was_said, facts)) else [part for fact in facts[:1] for part in self._tell(fact)]

    def mood_line(self) -> list[str]:
        """How she is: the version's lines for this mood and the team's own."""
        return self.say(self._mood_lines())

    def recall(self, wanted: Sequence[str], at_least: float = 1.0) -> list[str]:
        """The fact that meets most of what is wanted, unless she mentioned it lately."""
        known = (*self._earlier, *self.grounding.facts)
        about = _about(known, self.library.telling(wanted), at_least=at_least)
        facts = [fact for fact in about if not self.desk.was_said(fact)]
        return self._tell(facts[0]) if facts else []

    # The kinds of answer; the names are those of intents.json.

    def honesty(self, _ask: Ask, _cue: Cue) -> list[str]:
        return self.say(self.persona.honesty)

    def unknown(self, _ask: Ask, _cue: Cue) -> list[str]:
        return self.say(self.persona.unknown)

    def boundary(self, _ask: Ask, cue: Cue) -> list[str]:
        return self.say(self.library.boundary(cue.topics))

    def source(self, _ask: Ask, _cue: Cue) -> list[str]:
        """Asked how she knows what she told: in which words the fan said it, if they are at hand."""
        own = (*self._quotes, *self._stated)
        known = tuple(dict.fromkeys((*own, *self.grounding.facts)))
        replies = (said.text for said in reversed(self.grounding.history) if said.role == "persona")
        told = next(filter(None, ([fact for fact in known if fact in reply] for reply in replies)), [])
        if not told:
            return []
        wanted = terms(told[0])
        return self._tell(next(iter(_about(own, wanted, at_least=max(1.0, len(wanted) / 2))), told[0]))

    def memory(self, ask: Ask, _cue: Cue) -> list[str]:
        """Asked for something particular she tells that or says that she does not know; else her two newest facts."""
        known = list(dict.fromkeys((*self._quotes, *self.grounding.facts)))
        particular = bool(ask.terms or ask.naming or ask.refers)
        if particular and (told := self._told(ask)):
            return told
        if not known:
            return self.say(self.persona.memory_empty) or self.say(self.persona.unknown)
        return self.say(self.persona.unknown) if particular else self._newest(known)

    def told(self, ask: Ask, _cue: Cue) -> list[str]:
        """Asked for something of hers in passing."""
        return self._told(ask) if ask.question else []

    def _told(self, ask: Ask, at_least: float | None = None) -> list[str]:
        """What the fan said of it, if she did; “she” and “it” alone are whom and what she spoke of before."""
        known = tuple(dict.fromkeys((*self._quotes, *self.grounding.facts, *self._stated)))
        # Of a single word its relation is enough: “where do I work?” and a shift.
        enough = at_least or min(1.0, 0.5 * len(ask.terms) or 1.0)
        fitting = _about(known, ask.terms, at_least=enough, ask=ask)
        if not ask.terms and ask.refers and not fitting:
            earlier = [fact for fact in known if fact not in self.standing.last]
            fitting = _about(earlier, self.standing.before, at_least=0.5)
        return self._tell(fitting[0]) if fitting else []

    def _newest(self, known: Sequence[str]) -> list[str]:
        """Two facts, those first that she did not tell lately."""
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
        elsewhere = ask.place and not any(ask.place in terms(item.title) for item in coming)
        unknown = self.say(self.persona.unknown) if elsewhere else []
        return unknown + self._next(diary.about(coming, ask.terms)[0])

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
        return [*self.recall(ask.terms, 0.5), *hinted, *([fitting] if fitting else [])] if hinted else []

    def comfort(self, _ask: Ask, cue: Cue) -> list[str]:
        """Nothing but that: in the topics' order, the first that the persona has."""
        return next(filter(None, (self.say(self.library.hinted([hint])) for hint in cue.topics)), [])

    def social(self, ask: Ask, cue: Cue) -> list[str]:
        staying = self.manner("staying") if self.standing.hard and cue.name in ("thanks", "compliment") else []
        return staying or self.comfort(ask, cue) or self.say(self.persona.phrases)

    def taste(self, ask: Ask, _cue: Cue) -> list[str]:
        """What she thinks of it: lines that are about it, else that she has no opinion, and returns the question."""
        matches = [m for m in self.library.about(ask.terms, ANSWERING) if m.named or m.coverage >= ANSWERING]
        fitting = self.desk.pick_match(matches)
        return [*self.recall(ask.terms), fitting] if fitting else self.manner("tastes")

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
        known = list(dict.fromkeys((*self._quotes, *self.grounding.facts)))
        if newest_first and any(fact in newest_first[0] for fact in known):
            untold = [fact for fact in known if not self.desk.was_said(fact)]
            return self._newest(untold) or self.say(self.persona.unknown)
        if going_on := self._going_on():
            return going_on
        lines = (self.desk.pick_match(self.library.about(terms(text), 0.0)) for text in newest_first)
        return next(([line] for line in lines if line), [])

    def _going_on(self) -> list[str]:
        """Another line of what was spoken of just now."""
        for said in list(reversed(self.grounding.history))[:2]:
            fresh = [line for line in self.library.around(said.text) if not self.desk.was_said(line)]
            if fresh:
                return self.say(fresh)
        named = [match for match in self.library.about(self.standing.before, 0.0) if match.named]
        fitting = self.desk.pick_match(named)
        return [fitting] if fitting else []

    def _by_relevance(self, ask: Ask) -> Answer:
        """No cue has led to an answer: what the words of the sentence lead to."""
        recalled = self.recall(ask.terms)
        if ask.question:
            return self._of_before(ask) or self._fitting(ask, recalled) or self._again(ask) or self._at_a_loss()
        return self._fitting(ask, recalled) or self._listening(ask)

    def _of_before(self, ask: Ask) -> Answer | None:
        """“And she?” goes on with what was spoken of; a question about the fan's own words is answered from them."""
        if ask.refers and not ask.terms and (going_on := self._going_on()):
            return Answer(going_on)
        told = self._told(ask, at_least=2.0)
        return Answer(told, "warm", Ending.NEVER) if told else None

    def _fitting(self, ask: Ask, recalled: Sequence[str]) -> Answer | None:
        """The line that is nearest, after what she recalls; alone and brief, it may take a second one with it."""
        matches = self.library.about(ask.terms, ANSWERING if ask.question else TOUCHES)
        if not ask.question:
            matches = [match for match in matches if not match.aside]
        fitting, second = self.desk.pick_match(matches), ""
        if fitting and len(fitting) < _BRIEF and not recalled and not self.desk.draw(3):
            second = self.desk.pick_match([match for match in matches if match.score >= matches[0].score * _FURTHER])
        parts = [*recalled, *filter(None, (fitting, second))]
        return Answer(parts, ending=Ending.SOMETIMES if ask.question else Ending.LISTENING) if parts else None

    def _again(self, ask: Ask) -> Answer | None:
        """Asked once more what she has answered, she says it once more, and not that she does not know."""
        asked = (set(terms(said.text)) for said in self.grounding.history if said.role == "fan")
        if not ask.terms or not any(map(set(ask.terms).issubset, asked)):
            return None
        parts = self.say([match.candidate.text for match in self.library.about(ask.terms, ANSWERING)][:1])
        return Answer(parts, ending=Ending.NEVER) if parts else None

    def _at_a_loss(self) -> Answer:
        """Asked what she has no line for."""
        if self.standing.hard and (staying := self.manner("staying")):
            return Answer(staying, "calm", Ending.NEVER)
        return Answer([*self.say(self.persona.unknown), *self.manner("returning")], "thoughtful", Ending.NEVER)

    def _listening(self, ask: Ask) -> Answer:
        """Told something, she does not speak of her own mood."""
        lines = self.say(() if ask.terms else self._unshown_mood()) or self.say(self.persona.phrases)
        return Answer(lines, ending=Ending.LISTENING if ask.terms else Ending.ALWAYS)

    def _mood_lines(self) -> tuple[str, ...]:
        if self.grounding.mood is None:
            return ()
        label, line = self.grounding.mood
        moods = {name.casefold(): lines for name, lines in self.persona.moods.items()}
        return (*moods.get(label.casefold(), ()), *([line] if line else ()))

    def _unshown_mood(self) -> tuple[str, ...]:
        """Where nothing else is called for, her mood shows, once."""
        lines = self._mood_lines()
        return () if any(map(self.desk.was_said, lines)) else lines

    def _tell(self, fact: str) -> list[str]:
        """The fan's own words stand best in a line that puts them in quotation marks; what was noted down does not."""
        lines = self.persona.memory_recall
        quoting = [line for line in lines if any(quoted in line for quoted in _QUOTED_FACTS)]
        plain = [line for line in lines if line not in quoting]
        suitable = quoting if fact in self._quotes or fact in self._stated else plain
        told = fact.removesuffix(".")  # the line around it has an end of its own
        return self.say(suitable or lines, fact=told) or self.say(lines, fact=told) or [fact]

    def _now(self, item: ScheduleItem) -> list[str]:
        lines = [line for line in self.library.with_slot(_EVENT) if _WHEN not in line]
        return self.say(lines, event=item.title) or [item.title]

    def _next(self, item: ScheduleItem) -> list[str]:
        lines = [line for line in self.library.with_slot(_EVENT) if _WHEN in line]
        when = diary.when(item, self.grounding.now)
        return self.say(lines, event=item.title, when=when) or [item.title, when]


def _about(facts: Sequence[str], wanted: Sequence[str], *, at_least: float = 1.0, ask: Ask | None = None) -> list[str]:
    """Best first: each wanted word counts, a related one half; of two that meet as much, what `ask` means more."""
    scored = [(_overlap(wanted, terms(fact)), fact) for fact in facts]
    if ask:
        scored = [(score + _meant(ask, fact, score), fact) for score, fact in scored]
    return [fact for score, fact in sorted(scored, key=lambda pair: -pair[0]) if score >= at_least]


def _meant(ask: Ask, fact: str, score: float) -> float:
    """More for “my dog” than for another word, and for a name where one is asked for; for that alone: “his name”."""
    known = set(terms(fact))
    named = ask.naming and bool(NAMING.search(plain(fact)))
    hers = sum(stem in known or not RELATED_STEMS.get(stem, frozenset()).isdisjoint(known) for stem in ask.owned)
    return 0.5 * hers + (0.25 if score else float(not ask.terms)) * named


def _overlap(wanted: Sequence[str], fact: Sequence[str]) -> float:
    known = set(fact)
    return sum(1.0 if stem in known else 0.5 * bool(RELATED_STEMS.get(stem, frozenset()) & known) for stem in wanted)


_KINDS: dict[str, Callable[[Speaker, Ask, Cue], list[str]]] = {
    "honesty": Speaker.honesty,
    "unknown": Speaker.unknown,
    "boundary": Speaker.boundary,
    "source": Speaker.source,
    "memory": Speaker.memory,
    "told": Speaker.told,
    "name": Speaker.name,
    "whereabouts": Speaker.whereabouts,
    "schedule": Speaker.schedule,
    "mood": Speaker.mood,
    "greeting": Speaker.greeting,
    "farewell": Speaker.farewell,
    "topic": Speaker.topic,
    "comfort": Speaker.comfort,
    "social": Speaker.social,
    "taste": Speaker.taste,
    "lyric": Speaker.lyric,
    "surprise": Speaker.surprise,
    "peeve": Speaker.peeve,
    "more": Speaker.more,
}
