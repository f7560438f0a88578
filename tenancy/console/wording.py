"""Two texts compared word by word, for people: what went is not told by colour alone (<del> and <ins>)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# A word with its marks, a run of blanks, or a line's end: a change of line stays a change of its own.
TOKENS = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")
SAME, GONE, NEW = "same", "del", "ins"
# Beyond this many words the comparison would take seconds: both texts are then told as wholly changed.
LONGEST = 12_000


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `tag` is "same", "del" or "ins"."""

    tag: str
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`before` has same and del, `after` same and ins; `changes` counts the stretches that differ."""

    before: tuple[Piece, ...]
    after: tuple[Piece, ...]
    changes: int


def compare(before: str, after: str) -> Comparison:
    left, right = TOKENS.findall(before), TOKENS.findall(after)
    steps = list(_steps(left, right))
    return Comparison(
        before=tuple(Piece(GONE if changed else SAME, old) for changed, old, _ in steps if old),
        after=tuple(Piece(NEW if changed else SAME, new) for changed, _, new in steps if new),
        changes=sum(changed for changed, _, _ in steps),
    )


def _steps(left: Sequence[str], right: Sequence[str]) -> Iterator[tuple[bool, str, str]]:
    if len(left) + len(right) > LONGEST:
        yield left != right, "".join(left), "".join(right)
        return
    matcher = SequenceMatcher(_is_blank, left, right, autojunk=False)
    for tag, i1, i2, j1, j2 in _joined(matcher.get_opcodes(), left):
        yield tag != "equal", "".join(left[i1:i2]), "".join(right[j1:j2])


def _joined(
    codes: Sequence[tuple[str, int, int, int, int]], left: Sequence[str]
) -> list[tuple[str, int, int, int, int]]:
    """A blank between two changed words belongs to the change: three marks in a row read as one."""
    joined: list[tuple[str, int, int, int, int]] = []
    for index, (tag, i1, i2, j1, j2) in enumerate(codes):
        inside = 0 < index < len(codes) - 1
        if tag == "equal" and inside and i2 - i1 == 1 and left[i1] == " ":
            tag = "replace"
        if joined and tag != "equal" and joined[-1][0] != "equal":
            _, a1, _, b1, _ = joined.pop()
            joined.append(("replace", a1, i2, b1, j2))
        else:
            joined.append((tag, i1, i2, j1, j2))
    return joined


def _is_blank(token: str) -> bool:
    return token.isspace()
