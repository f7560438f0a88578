"""A memory as it is told to its fan, who may have put it right in her own words: “My dog …” is “your dog …” to her."""

import re

from memory.extraction.offline.wording import turned

# English. What addresses somebody already stays as it is, as does Italian (“I miei …”).
_HER_OWN = re.compile(
    r"\s*(?:(?:no|actually|well),?\s+)*(?=(?:i|i['’](?:m|ve|d|ll)|my|we|our)\b(?![.,]))(?!I (?:miei|nostri)\b)",
    re.IGNORECASE,
)
_YOU = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)


def addressed(text: str) -> str:
    """What she says of herself, turned; anything else as it is."""
    opener = _HER_OWN.match(text)
    if opener is None or _YOU.search(text):
        return text
    return turned(text[opener.end() :].replace("’", "'"))
