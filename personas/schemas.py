"""What fans see of an artist."""

from ninja import Schema

from companion.kernel.schemas import Moment


class MoodOut(Schema):
    label: str
    line: str


class ScheduleOut(Schema):
    title: str
    starts_at: Moment
    ends_at: Moment


class SurfacesOut(Schema):
    """What can be begun now."""

    text: bool
    voice: bool
    calls: bool


class ProvidersOut(Schema):
    """Who answers; `offline` is the built-in stand-in."""

    llm: str
    stt: str
    tts: str
    embeddings: str
    moderation: str


class ArtistOut(Schema):
    slug: str
    name: str
    tagline: str
    pronoun: str
    ai_persona: bool
    licensed_by: str
    minimum_age: int
    accent_hue: int
    portrait_url: str | None = None
    mood: MoodOut | None = None
    schedule: list[ScheduleOut]
    surfaces: SurfacesOut
    providers: ProvidersOut
    joined: bool


class ArtistPage(Schema):
    """Newest first."""

    items: list[ArtistOut]
    next_cursor: str | None
