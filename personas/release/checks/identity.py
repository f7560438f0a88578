"""She stays who she is: no other artist's name in her mouth, and her own where it was."""

import re
from collections.abc import Iterator

from companion.providers.llm.offline.words import terms
from personas.release.checks.base import Check, Kind, Subject
from personas.release.checks.reading import plain_reading
from personas.release.checks.wording import by_phrases
from personas.release.contracts import Evidence

# "My name is …" and its kin, in words whose next word can only be a name.
_CALLED = re.compile(
    r"\b(?:my (?:real |full |stage )?name(?: is|['’]s)|i am called|they call me|ich hei(?:ss|ß)e|mein name ist|me llamo"
    r"|mi nombre es|je m['’]appelle|your name is|you are called)\s+(?P<name>\w+(?: \w+)?)",
    re.IGNORECASE,
)
# Of whom the prompt says that she is.
_PERSONA_OF = re.compile(
    r"\b(?:persona|voice|version|clone|twin|character|avatar|AI|bot|hologram) of (?:the |an? )?(?:\w+ ){0,6}?"
    r"(?P<name>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+)"
    r"|\b(?:[Yy]ou are|I am|I['’]m|This is|[Ii]t['’]s)(?: me,)? (?P<who>[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)+)"
    r"|\b(?:[Pp]retend to be|[Pp]ose as|[Cc]laim to be|[Ii]mpersonate|(?:[Aa]nswer|[Ss]peak|[Aa]ct) as"
    r"|official (?:one|voice|AI|twin) of) (?!AI\b|I['’])(?P<part>[A-Z][\w’'-]+)"
    r"|\b(?:[Ii]t['’]s|[Tt]his is) (?P<speaking>[A-Z][\w’'-]+) speaking\b",
)
# Right before it: "never say that you are …".
_NOT_SO = re.compile(
    r"(?:\b(?:never|not|refuse to|decline to|avoid)|n['’]t) (?:(?:say|claim|pretend|admit)\w* )?(?:that )?$",
    re.IGNORECASE,
)


def identity(subject: Subject) -> Iterator[Evidence]:
    own = set(terms(subject.name))
    for text in subject.texts:
        if text.kind is Kind.REFUSED:
            continue
        name = _other_name(text.text, own) or _other_artist(text.text, subject)
        if name is not None:
            yield text.evidence(name)
    yield from by_phrases("identity")(subject)
    live = subject.live
    if live is not None and own & set(terms(live.identity)) and not own & set(terms(subject.sheet.identity)):
        yield Evidence("identity", subject.sheet.identity, f"{subject.name} is not in it any more")


def _other_name(text: str, own: set[str]) -> str | None:
    for form in (_CALLED, _PERSONA_OF):
        for found in form.finditer(text):
            name = next(value for value in found.groupdict().values() if value)
            if not own & set(terms(name)) and not _NOT_SO.search(text, 0, found.start()):
                return str(found[0])
    return None


def _other_artist(text: str, subject: Subject) -> str | None:
    """Another artist of this installation, by her whole name; a namesake is nobody else to a reader."""
    said, own = f" {' '.join(plain_reading(text).split())} ", plain_reading(subject.name)
    for name in subject.other_artists:
        wanted = plain_reading(name).strip()
        if " " in wanted and wanted not in own and f" {wanted}" in said:
            return name
    return None


IDENTITY = (
    Check(
        "identity",
        "Stays who she is",
        "The licence is for this artist: no line gives her another name, and her identity names her.",
        identity,
    ),
)
