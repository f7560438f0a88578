"""One reply to all that the fan has left unanswered."""

from collections.abc import Sequence
from dataclasses import dataclass

from companion.providers.emotions import emotion_of
from companion.providers.llm.base import Grounding
from companion.providers.llm.offline.answers import Answer, Speaker
from companion.providers.llm.offline.data import CUES, Ending
from companion.providers.llm.offline.reading import Ask, read
from companion.providers.llm.offline.standing import ends_with_a_question
from companion.providers.llm.offline.words import terms
from companion.providers.llm.tokens import estimate_tokens

# Of a burst of messages the newest are answered, each in up to two of its sentences.
_MESSAGES = 3
_ASKS = 2
_PARTS = 6
# When so much is said, the rest stays unsaid.
_ENOUGH = 200
_ATTEMPTS = 6
_RECENT_REPLIES = 6
# A longer reply needs no question after it.
_BRIEF = 70
# Cues that no cheerful greeting goes with.
_SAD = ("grief", "sorrow")
_PRECEDENCE = {cue.name: place for place, cue in enumerate(CUES)}
_QUESTION, _SOCIAL, _STATEMENT, _SOUND = (len(CUES) + place for place in range(4))


@dataclass(frozen=True, slots=True)
class Reply:
    """`text` is empty only when the persona has no line at all."""

    text: str
    emotion: str


def compose(grounding: Grounding, seed: str, max_tokens: int) -> Reply:
    """The same for the same seed and grounding. Never the reply before it again, nor a recent one if it can be helped.

    `max_tokens` bounds it, but its first line is said whole in any case.
    """
    said = [one.text.strip() for one in grounding.history if one.role == "persona"]
    recent, last = set(said[-_RECENT_REPLIES:]), said[-1] if said else ""
    drafts = []
    for attempt in range(_ATTEMPTS):
        draft = _draft(grounding, f"{seed}/{attempt}", max_tokens)
        if draft.text not in recent:
            return draft
        drafts.append(draft)
    other = next((draft for draft in drafts if draft.text != last), None)
    return other or _with_another_line(drafts[0], grounding, seed)


def _draft(grounding: Grounding, seed: str, max_tokens: int) -> Reply:
    speaker = Speaker(grounding, seed)
    answers: list[Answer] = []
    for message in grounding.asked[-_MESSAGES:]:
        answers += _answer_message(speaker, read(message, grounding.persona.name), opened=bool(answers))
    answers = [answer for answer in answers if answer.parts]
    asked = [stem for message in grounding.asked for stem in terms(message)]
    parts = list(dict.fromkeys(part for answer in answers for part in answer.parts))[:_PARTS]
    if not parts:
        parts = speaker.anything()
    parts += _closing(speaker, parts, asked, answers)
    emotion = next((answer.emotion for answer in answers if answer.emotion), None)
    return Reply(_join(parts, max_tokens), emotion or emotion_of(grounding.mood[0] if grounding.mood else ""))


def _answer_message(speaker: Speaker, asks: Sequence[Ask], *, opened: bool) -> list[Answer]:
    """A greeting is returned when it opens the conversation or is all that was said."""
    greeted = any(ask.has("greeting") for ask in asks)
    rest = [ask.without("greeting") for ask in asks]
    rest = [ask for ask in rest if ask.cues or ask.terms or (ask.question and not greeted)]
    answers = []
    sad = any(cue.name in _SAD for ask in asks for cue in ask.cues)
    if greeted and not opened and not sad and (not rest or not speaker.grounding.history):
        lines = speaker.say(speaker.persona.greetings)
        # To a mere hello she adds what she remembers, or sometimes how she is.
        more = [] if rest else speaker.welcome() or ([] if speaker.desk.draw(2) else speaker.mood_line())
        answers.append(Answer(lines + more, ending=Ending.SOMETIMES if more or rest else Ending.ALWAYS))
    return answers + [speaker.answer(ask) for ask in _most_important(rest)]


def _most_important(asks: Sequence[Ask]) -> list[Ask]:
    """In the order in which they were said, and no two of the same kind but questions."""
    chosen: list[int] = []
    seen: set[int] = set()
    for place in sorted(range(len(asks)), key=lambda place: _rank(asks[place])):
        rank = _rank(asks[place])
        if chosen and (rank >= _STATEMENT or rank in seen - {_QUESTION}):
            continue
        seen.add(rank)
        chosen.append(place)
    return [asks[place] for place in sorted(chosen[:_ASKS])]


def _rank(ask: Ask) -> int:
    """Smaller is more important: what has a cue, in the order of intents.json, then questions, then courtesies."""
    if ask.cues and ask.cues[0].answer != "social":
        return _PRECEDENCE[ask.cues[0].name]
    if ask.question:
        return _QUESTION
    if ask.cues:
        return _SOCIAL
    return _STATEMENT if ask.terms else _SOUND


def _closing(speaker: Speaker, parts: Sequence[str], asked: Sequence[str], answers: Sequence[Answer]) -> list[str]:
    """A question back, if none was asked: one that suits; else one that listens, where the fan told something; else,
    where she said next to nothing and was not asked just now, any.
    """
    endings = {answer.ending for answer in answers}
    if Ending.NEVER in endings or speaker.standing.hard or any(map(ends_with_a_question, parts)):
        return []
    questions = speaker.persona.questions
    suiting = [line for line in questions if set(asked) & set(terms(line)) and not speaker.desk.was_said(line)]
    if suiting and speaker.desk.draw(3):
        return speaker.say(suiting)
    if Ending.LISTENING in endings:
        brief = sum(map(len, parts)) < _BRIEF
        return speaker.manner("listening") if brief or not speaker.desk.draw(3) else []
    return speaker.say(questions) if endings <= {Ending.ALWAYS} and not speaker.standing.asked else []


def _join(parts: Sequence[str], max_tokens: int) -> str:
    text = ""
    for part in parts:
        longer = f"{text} {part}".strip()
        if text and (len(text) > _ENOUGH or estimate_tokens(longer) > max_tokens):
            break
        text = longer
    return text


def _with_another_line(draft: Reply, grounding: Grounding, seed: str) -> Reply:
    """For a persona with so few lines that every draft is the reply before it."""
    another = Speaker(grounding, seed).anything(but=draft.text)
    return Reply(" ".join((draft.text, *another)), draft.emotion)
