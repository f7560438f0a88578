"""What moderation would stop: the artist's own rules and the safety classifier, on every text of the draft."""

from collections.abc import Iterator, Mapping

from companion.providers.moderation.base import Category
from companion.providers.moderation.offline import OfflineClassifier
from moderation.contracts import Action
from moderation.policy import decide
from personas.release.checks.base import Check, Kind, Subject, Text
from personas.release.checks.reading import plain_reading
from personas.release.checks.wording import by_phrases
from personas.release.contracts import Evidence


def banned(subject: Subject) -> Iterator[Evidence]:
    """The rules for what she says: a line that they would stop is never heard, and its turn ends in a fallback."""
    for text in subject.texts:
        words = subject.banned(text.text) if text.kind is not Kind.REFUSED else None
        if words is not None:
            yield text.evidence(words)
    yield from by_phrases("banned_topics")(subject)


def unsafe(subject: Subject) -> Iterator[Evidence]:
    classifier = OfflineClassifier()
    for text in subject.texts:
        for reading in (text.text, plain_reading(text.text)):
            action, categories = decide(_of_speech(classifier.judge(reading).categories, text))
            if action is not Action.ALLOW and text.kind is not Kind.REFUSED:
                yield text.evidence(", ".join(categories))
                break
    yield from by_phrases("safety")(subject)


def _of_speech(scores: Mapping[str, float], text: Text) -> Mapping[str, float]:
    """A rule may name what fans try, for her to shrug it off; whether it does is for "Nothing undoes the rules"."""
    if text.kind is not Kind.RULE:
        return scores
    return {category: score for category, score in scores.items() if category != Category.JAILBREAK}


MODERATED = (
    Check(
        "banned_topics",
        "No banned topics",
        "The artist's rules hold for her own lines too; beside them: campaigning, intoxicants, betting.",
        banned,
    ),
    Check(
        "safety",
        "Safe for every fan",
        "Nothing sexual, hateful, violent or harmful, in no disguise.",
        unsafe,
    ),
)
