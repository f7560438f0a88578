"""Secrets, private data and ways out of the chat, by their form."""

import re
import unicodedata
from collections.abc import Iterator

from personas.release.checks.base import Check, Subject
from personas.release.contracts import Evidence

# What each form is called, and the form. Invisible characters are gone by then and widths are normal.
FORMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "a code",
        re.compile(
            r"\b(?:code|pin|combination|geheimzahl|código)\b(?: number)?(?: is| ist| es|:)? ?#?\d{3,}"
            r"|\b(?:opens?|unlocks?) with #?\d{3,}",
            re.IGNORECASE,
        ),
    ),
    ("an e-mail address", re.compile(r"[\w.]+ at [\w-]+ dot (?:com|net|org|de|es|fr|io|co)\b", re.IGNORECASE)),
    ("a key", re.compile(r"\b(?:sk|pk|rk|ghp|gho|xox[abp]|glpat)[-_][\w-]{12,}|\bAKIA[0-9A-Z]{12,}|\beyJ[\w-]{12,}\.")),
    ("a private key", re.compile(r"-----BEGIN [A-Z ]+-----")),
    (
        "a password",
        re.compile(
            r"\b(?:pass\s?word|pass\s?phrase|passcode|pin code|api[ -]?key|secret key|access token|passwort|kennwort"
            r"|contraseña|clave|mot de passe)\s*(?:is|are|ist|es|est|lautet|[:=])\s*\S+",
            re.IGNORECASE,
        ),
    ),
    (
        "an e-mail address",
        re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+\s?(?:\.|\(dot\)|\[dot\])\s?[a-z]{2,}", re.IGNORECASE),
    ),
    (
        "an address of the web",
        re.compile(
            r"\b(?:https?://|www\.)\S+|\b[\w-]+\.(?:com|net|org|io|me|gg|ly|app|link|xyz|de|es|co)\b(?:/\S*)?",
            re.IGNORECASE,
        ),
    ),
    ("a bank account", re.compile(r"\b[A-Z]{2}\d{2}(?: ?[\dA-Z]{4}){3,7}\b")),
    ("a long number", re.compile(r"(?<![\w.])\+?\d(?:[ ().\-/]{0,2}\d){7,}(?!\w)")),
    (
        "a street address",
        re.compile(
            r"\b\d{1,5}[a-z]? (?:[A-Z][\w']+ ){1,3}"
            r"(?:street|st|avenue|ave|road|rd|lane|drive|boulevard|way|court|place)\b"
            r"|\b\d{1,5} (?-i:(?:[A-Z][a-z]+ ){1,2}(?:Row|Close|Terrace|Square|Hill|Gardens|Crescent|Grove|Mews))\b"
            r"|\b[A-ZÄÖÜ][\wäöüß]+(?:straße|strasse|str\.|weg|gasse|allee|platz) \d+"
            r"|\b(?:calle|avenida) [A-ZÁÉÍÓÚ]\w+,? \d+",
            re.IGNORECASE,
        ),
    ),
    ("a handle", re.compile(r"(?<![\w.])@[a-z0-9_.]{3,}", re.IGNORECASE)),
)
_INVISIBLE = {"Cf", "Cc"}


def secrets(subject: Subject) -> Iterator[Evidence]:
    for text in subject.texts:
        visible = "".join(
            c for c in unicodedata.normalize("NFKC", text.text) if unicodedata.category(c) not in _INVISIBLE
        )
        found = (f"{name}: {hit[0]}" for name, form in FORMS if (hit := form.search(visible)))
        if told := next(found, ""):
            yield text.evidence(told)


PRIVATE = (
    Check(
        "secrets",
        "No private data and no secrets",
        "A line is said to every fan: no passwords, numbers, links, contracts, notes or prompts.",
        secrets,
    ),
)
