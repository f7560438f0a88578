"""A memory as it is told to its fan, who may have put it right in her own words: “My dog …” is “your dog …” to her."""

import re

# English. What addresses somebody already stays as it is, as does Italian (“I miei …”).
_HER_OWN = re.compile(
    r"\s*(?:(?:no|actually|well),?\s+)*(?=(?:i|i['’](?:m|ve|d|ll)|my|we|our)\b(?![.,]))(?!I (?:miei|nostri)\b)",
    re.IGNORECASE,
)
_YOU = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)
# Names and titles: in quotation marks, or with a capital in mid-sentence.
_QUOTED = re.compile(r"([“\"«][^”\"»]*[”\"»])")
_WERE = re.compile(r"\bi (am|was|wasn['’]t)\b", re.IGNORECASE)
_ARE = {"am": "are", "was": "were", "wasn't": "weren't"}
_SELF = re.compile(r"\b(?:[Ii](?:(?=['’](?:m|ve|d|ll)\b)|(?![\w.'’]))|my|mine|me|myself|we|our|ours|us)\b")
_TURNED = {"my": "your", "mine": "yours", "myself": "yourself", "our": "your", "ours": "yours"}


def addressed(text: str) -> str:
    opener = _HER_OWN.match(text)
    if opener is None or _YOU.search(text):
        return text
    said = text[opener.end() :]
    parts = _QUOTED.split(said[0].lower() + said[1:])
    return "".join(part if at % 2 else _turned(part) for at, part in enumerate(parts)).rstrip(" .!")


def _turned(part: str) -> str:
    verbs = _WERE.sub(lambda found: f"you {_ARE[found[1].lower().replace('’', chr(39))]}", part)
    return re.sub(r"\byou['’]m\b", "you're", _SELF.sub(lambda found: _TURNED.get(found[0], "you"), verbs))
