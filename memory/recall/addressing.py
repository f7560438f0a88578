"""A memory as it is told to its fan, who may have put it right in her own words: “My dog …” is “your dog …” to her."""

import re

from memory.extraction.offline.wording import turned

# English, as the grammar that turns it is. What speaks to her already stays as it is.
_HER_OWN = re.compile(r"\s*(?:(?:no|actually|well),?\s+)*(?:i|i['’](?:m|ve|d|ll)|my|we|our)\b", re.IGNORECASE)
_TO_HER = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)


def addressed(text: str) -> str:
    if _HER_OWN.match(text) and not _TO_HER.search(text):
        return turned(text.replace("’", "'"))
    return text
