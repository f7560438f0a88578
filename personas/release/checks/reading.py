"""A text as it is read, for scorers that know words only: disguises undone, character by character."""

from moderation.text.normalise import INVISIBLE, SEPARATOR, SHAPE, reading_of


def plain_reading(text: str) -> str:
    """Lower case, without invisible characters; letters for look-alikes and, inside a word, for digits and signs."""
    shapes = [SHAPE[ord(character)] for character in text]
    kept = [(shape, character) for shape, character in zip(shapes, text, strict=True) if shape != INVISIBLE]
    return "".join(_read(kept, place) for place in range(len(kept)))


def _read(kept: list[tuple[str, str]], place: int) -> str:
    shape, character = kept[place]
    if shape == SEPARATOR:
        return character
    if shape.isalpha():
        return shape
    reading = reading_of(character)
    letters = [letter for letter in reading.letters if letter.isalpha()]
    return letters[0] if letters and _in_a_word(kept, place) else character.lower()


def _in_a_word(kept: list[tuple[str, str]], place: int) -> bool:
    around = kept[max(place - 1, 0) : place] + kept[place + 1 : place + 2]
    return any(shape.isalpha() for shape, _ in around)
