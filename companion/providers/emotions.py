"""The emotions that a reply may carry. A model writes one as `[warm]`; the voice turns it into pitch and pace."""

import re
from collections.abc import Mapping
from types import MappingProxyType

EMOTIONS = ("warm", "happy", "playful", "calm", "sad", "excited", "thoughtful", "neutral")
NEUTRAL = "neutral"
# Words in a mood's label that speak of an emotion; the team chooses its labels freely.
MOOD_WORDS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "warm": frozenset(("warm", "tender", "cosy", "cozy", "grateful", "soft", "loving", "gentle", "homey")),
        "happy": frozenset(("happy", "bright", "sunny", "cheerful", "glad", "joyful", "light", "content")),
        "playful": frozenset(("playful", "cheeky", "mischievous", "silly", "teasing", "goofy", "witty")),
        "calm": frozenset(("calm", "quiet", "peaceful", "still", "mellow", "sleepy", "slow", "tired", "rested")),
        "sad": frozenset(("sad", "blue", "wistful", "melancholy", "heavy", "gloomy", "nostalgic")),
        "excited": frozenset(
            ("excited", "giddy", "electric", "restless", "buzzing", "thrilled", "wired", "stormy", "hyped", "proud")
        ),
        "thoughtful": frozenset(("thoughtful", "pensive", "curious", "reflective", "focused", "dreamy", "serious")),
    }
)


def emotion_of(mood: str) -> str:
    """The emotion of a mood's label, neutral for one that says nothing to us."""
    said = set(re.findall(r"\w+", mood.casefold()))
    return next((emotion for emotion, words in MOOD_WORDS.items() if said & words), NEUTRAL)
