"""How a mood sounds."""

from dataclasses import replace

import pytest

from companion.providers.emotions import EMOTIONS, emotion_of
from personas.voice import COLOURS, VoiceColour, voice_colour
from tests.simulation.ports import PERSONA


def test_every_emotion_has_a_colour_and_only_neutral_is_the_voices_own() -> None:
    assert set(COLOURS) == set(EMOTIONS)
    assert [name for name, colour in COLOURS.items() if colour == VoiceColour()] == ["neutral"]
    assert all(0.8 <= colour.rate <= 1.2 and abs(colour.pitch) <= 3 for colour in COLOURS.values())


@pytest.mark.parametrize(("label", "emotion"), [("Calm evening", "calm"), ("WISTFUL", "sad"), ("zorp", "neutral")])
def test_a_label_sounds_as_what_it_speaks_of(label: str, emotion: str) -> None:
    assert emotion_of(label) == emotion
    assert voice_colour(label) == COLOURS[emotion]


def test_a_replys_own_emotion_goes_before_the_mood_and_no_mood_is_neutral() -> None:
    calm = replace(PERSONA, mood=("calm", "Soft."))
    assert calm.voice() == COLOURS["calm"]
    assert calm.voice("excited") == COLOURS["excited"]
    assert replace(PERSONA, mood=None).voice() == VoiceColour()
