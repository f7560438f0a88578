"""What the page of the kill switches shows, and the form behind its dialogs. Writes go through services.set_switch."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from redis.exceptions import RedisError

from companion.kernel import presence
from companion.kernel.sync_redis import client
from tenancy.console.access import Access
from tenancy.console.people import names_of
from tenancy.models import Artist, KillSwitch
from tenancy.services import PROVIDERS
from tenancy.surfaces import BUILT
from tenancy.switches import stored_state

SURFACES = {"text": "Text chat", "voice": "Voice messages", "calls": "Live calls", "campaigns": "Campaigns"}
EFFECTS = {
    "text": "Running replies stop mid-word, new messages get a notice. History, log-in and crisis help stay.",
    "voice": "Recording is switched off in the app.",
    "calls": "Running calls end, new ones are refused.",
    "campaigns": "Nothing leaves the queue; it is checked again later.",
}
FALLS_BACK = "Replies fall back to the next provider, or to authored lines."
PAUSE_WORD = "PAUSE"
SHORTEST_REASON = 10


@dataclass(frozen=True, slots=True)
class Card:
    """One thing that can be off. `row` None: nobody has ever switched it. `mine`: this person may switch it."""

    key: str
    title: str
    effect: str
    scope: str
    surface: str = ""
    provider: str = ""
    for_all: bool = False
    row: KillSwitch | None = None
    who: str = ""
    mine: bool = True
    grave: bool = False

    @property
    def off(self) -> bool:
        return self.row is not None and self.row.on


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether the web processes obey the switches as they are stored. `away`: Redis did not say."""

    total: int = 0
    obeying: int = 0
    late: tuple[str, ...] = ()
    took_ms: int | None = None
    away: bool = False

    @property
    def complete(self) -> bool:
        return not self.away and self.obeying == self.total > 0


class SetSwitchForm(forms.Form):
    """`confirm` is asked for where everything of every artist would stop. Raises nothing: the page tells its errors."""

    scope = forms.ChoiceField(choices=KillSwitch.Scope.choices)
    surface = forms.ChoiceField(choices=[("", ""), *KillSwitch.Surface.choices], required=False)
    provider = forms.CharField(max_length=40, required=False)
    for_all = forms.BooleanField(required=False)
    on = forms.TypedChoiceField(choices=[("on", "on"), ("off", "off")], coerce=lambda value: value == "on")
    reason = forms.CharField(min_length=SHORTEST_REASON, max_length=300)
    confirm = forms.CharField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        everything = cleaned.get("scope") == KillSwitch.Scope.GLOBAL and cleaned.get("on")
        if everything and cleaned.get("confirm") != PAUSE_WORD:
            self.add_error("confirm", f"Type {PAUSE_WORD}: this stops every artist.")
        return cleaned


def cards(access: Access, rows: Sequence[KillSwitch], artist: Artist) -> dict[str, list[Card]]:
    """The artist's own switches, those that hold for every artist, and the providers'."""
    names = names_of(row.changed_by for row in rows)
    by_key = {_key(row): row for row in rows}

    def card(title: str, effect: str, scope: str, **fields: Any) -> Card:
        key = f"{scope}:{fields.get('surface', '')}:{fields.get('provider', '')}:{fields.get('for_all', False)}"
        row = by_key.get(key)
        shared = fields.get("for_all", False)
        who = names[row.changed_by] if row else ""
        return Card(key, title, effect, scope, row=row, who=who, mine=access.platform or not shared, **fields)

    surface, provider = KillSwitch.Scope.SURFACE, KillSwitch.Scope.PROVIDER
    known = [name for name in SURFACES if name in BUILT or f"{surface}:{name}::False" in by_key]
    widely = [name for name in SURFACES if name in BUILT or f"{surface}:{name}::True" in by_key]
    return {
        "own": [
            card(f"Everything of {artist.name}", "All surfaces of this artist stop at once.", "artist", grave=True),
            *(card(SURFACES[name], EFFECTS[name], surface, surface=name) for name in known),
        ],
        "shared": [
            card("Everything", "Every surface of every artist stops.", "global", for_all=True, grave=True),
            *(card(SURFACES[n], EFFECTS[n], surface, surface=n, for_all=True) for n in widely),
        ],
        "providers": [card(name, FALLS_BACK, provider, provider=name, for_all=True) for name in PROVIDERS],
    }


def shown(found: Mapping[str, list[Card]], access: Access) -> dict[str, list[Card]]:
    """What holds for every artist is shown to her team where it is off; only the platform may touch it."""
    return {name: [c for c in group if c.mine or c.off or access.platform] for name, group in found.items()}


def reach(last_change: datetime | None) -> Reach:
    """Compares what each web process says that it obeys with what is stored."""
    try:
        told = presence.processes(client())
    except (RedisError, OSError):
        return Reach(away=True)
    wanted = stored_state().fingerprint
    late = tuple(p.process for p in told if p.silent or p.switches != wanted)
    since = last_change.timestamp() if last_change else None
    took = [p.applied_at - since for p in told if p.process not in late and since and p.applied_at >= since]
    took_ms = round(1000 * max(took)) if took and not late and max(took) < presence.FORGOTTEN_S else None
    return Reach(len(told), len(told) - len(late), late, took_ms)


def _key(row: KillSwitch) -> str:
    return f"{row.scope}:{row.surface}:{row.provider}:{row.artist_id is None}"
