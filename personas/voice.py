"""How a mood or an emotion sounds: what every voice of hers is asked for. Pure; each TTS maps it to its own knobs."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from companion.providers.emotions import emotion_of


@dataclass(frozen=True, slots=True)
class VoiceColour:
    """`rate` is a multiple of the voice's own pace, `pitch` semitones and `volume` decibels from its own."""

    rate: float = 1.0
    pitch: float = 0.0
    volume: float = 0.0

    def __str__(self) -> str:
        return f"pace ×{self.rate:.2f}, pitch {self.pitch:+.1f} st, volume {self.volume:+.0f} dB"


# Small steps: a mood colours a voice and does not make another of it.
COLOURS: Mapping[str, VoiceColour] = MappingProxyType(
    {
        "warm": VoiceColour(0.97, -0.5, -1.0),
        "happy": VoiceColour(1.06, 1.0, 1.0),
        "playful": VoiceColour(1.08, 1.5, 0.0),
        "calm": VoiceColour(0.92, -1.0, -2.0),
        "sad": VoiceColour(0.88, -1.5, -3.0),
        "excited": VoiceColour(1.12, 2.0, 2.0),
        "thoughtful": VoiceColour(0.9, -0.5, -1.0),
        "neutral": VoiceColour(),
    }
)


def voice_colour(mood: str, emotion: str | None = None) -> VoiceColour:
    """Of a reply: its own emotion's where it has one, else that of the mood's label ("" for no mood)."""
    return COLOURS[emotion or emotion_of(mood)]
