"""Emotion tags in a model's text: `[warm]` and its kin, from a fixed vocabulary, lifted out before anyone sees them."""

import re
from collections.abc import Iterable

from companion.providers.emotions import EMOTIONS

LONGEST = max(map(len, EMOTIONS)) + 2
_TAG = re.compile(r"\[(" + "|".join(EMOTIONS) + r")\]", re.IGNORECASE)
_UNCLOSED = re.compile(r"\[(" + "|".join(EMOTIONS) + r")$", re.IGNORECASE)


class EmotionTags:
    """Takes a stream of text apart into plain text and emotions, however the stream was split.

    A tag that the stream leaves unclosed counts as closed when its word is whole; other brackets are text.
    """

    def __init__(self) -> None:
        self._held = ""
        self._after_space = True  # or at the beginning
        self._after_tag = False
        self.emotion: str | None = None

    def feed(self, text: str) -> str:
        """The plain text that is certain by now. The latest emotion stands in `.emotion`."""
        text = self._held + text
        cut = _possible_tag(text)
        text, self._held = text[:cut], text[cut:]
        return self._lift(text) if "[" in text else self._plain(text)

    def finish(self) -> str:
        """What is left when the stream has ended."""
        held, self._held = self._held, ""
        unclosed = _UNCLOSED.search(held)
        if unclosed:
            self.emotion = unclosed[1].lower()
            return held[: unclosed.start()]
        return held

    def _lift(self, text: str) -> str:
        pieces, end = [], 0
        for tag in _TAG.finditer(text):
            pieces.append(self._plain(text[end : tag.start()]))
            self.emotion, self._after_tag, end = tag[1].lower(), True, tag.end()
        return "".join([*pieces, self._plain(text[end:])])

    def _plain(self, text: str) -> str:
        """A tag may stand between two spaces; one of them goes with it."""
        if self._after_tag and self._after_space and text.startswith(" "):
            text, self._after_tag = text[1:], False
        if text:
            self._after_space, self._after_tag = text[-1].isspace(), False
        return text


def _possible_tag(text: str) -> int:
    """Where a tag may have begun that the text so far does not decide; the text's length if none."""
    start = text.rfind("[", max(0, len(text) - LONGEST))
    if start < 0:
        return len(text)
    begun = text[start + 1 :].lower()
    return start if any(word.startswith(begun) for word in EMOTIONS) else len(text)


def disarm(texts: Iterable[str]) -> list[str]:
    """Tags typed by a fan, made harmless: in round brackets they are words, not an instruction to the voice."""
    return [_TAG.sub(r"(\1)", text) if "[" in text else text for text in texts]
