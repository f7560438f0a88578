"""What the sidebar and the first page list: each thing only for the roles that may open it. Each page checks again."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from tenancy.console.access import access_of
from tenancy.roles import Capability


@dataclass(frozen=True, slots=True)
class Item:
    title: str
    icon: str
    url_name: str
    need: Capability
    about: str


GROUPS: tuple[tuple[str, tuple[Item, ...]], ...] = (
    (
        "Safety",
        (
            Item(
                "Cases",
                "flag",
                "moderation_case",
                Capability.MODERATE,
                "Held replies, reports and crises, to read and close.",
            ),
            Item(
                "Rules", "rule", "moderation_rule", Capability.MODERATE, "Phrases that are blocked, deflected or held."
            ),
            Item(
                "Reports", "outlined_flag", "conversations_report", Capability.MODERATE, "Messages that fans reported."
            ),
        ),
    ),
    (
        "Persona",
        (
            Item(
                "Persona",
                "person",
                "personas_persona",
                Capability.READ_PERSONA,
                "Who speaks, and which version is live.",
            ),
            Item(
                "Versions",
                "history_edu",
                "personas_personaversion",
                Capability.READ_PERSONA,
                "Every line she says, by version.",
            ),
            Item("Mood", "mood", "personas_mood", Capability.READ_PERSONA, "How she is, from when to when."),
            Item(
                "Schedule",
                "event",
                "personas_scheduleentry",
                Capability.READ_PERSONA,
                "Where the artist is; she claims nothing else.",
            ),
            Item(
                "Corpus",
                "menu_book",
                "personas_corpuspassage",
                Capability.READ_PERSONA,
                "Passages that she may draw on.",
            ),
        ),
    ),
    (
        "Fans",
        (
            Item(
                "Conversations", "forum", "conversations_turn", Capability.READ_CONVERSATIONS, "What was said, and why."
            ),
            Item("Fans", "groups", "tenancy_fan", Capability.READ_CONVERSATIONS, "Who talks with her; sanctions."),
            Item("Usage", "data_usage", "billing_usagerecord", Capability.CONTROL, "What each turn used."),
        ),
    ),
    (
        "Control",
        (
            Item(
                "Kill switches",
                "power_settings_new",
                "tenancy_killswitch",
                Capability.CONTROL,
                "Stop a surface, a provider, or all.",
            ),
            Item("Artist", "palette", "tenancy_artist", Capability.READ_PERSONA, "Name, age limit, accent."),
            Item("Team", "badge", "tenancy_staffrole", Capability.MANAGE_STAFF, "Who may do what."),
            Item(
                "Audit log",
                "receipt_long",
                "kernel_auditentry",
                Capability.READ_AUDIT,
                "Every change, in a chain that cannot be cut.",
            ),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """UNFOLD["SIDEBAR"]["navigation"]."""
    today = {"title": "Today", "icon": "today", "link": reverse("admin:index")}
    groups: list[dict[str, Any]] = [{"title": "", "items": [today]}]
    for title, items in GROUPS:
        groups.append({"title": title, "items": [_link(item) for item in items]})
    return groups


def open_to(request: HttpRequest) -> list[tuple[str, list[tuple[Item, str]]]]:
    """(group, [(item, address)]) of what this role may open, for the first page."""
    access = access_of(request)
    groups = []
    for title, items in GROUPS:
        allowed = [(item, _address(item)) for item in items if access.allows(item.need)]
        if allowed:
            groups.append((title, allowed))
    return groups


def site_header(request: HttpRequest) -> str:
    """The chosen artist's name, so that nobody mistakes whose console this is."""
    chosen = access_of(request).chosen
    return chosen.name if chosen else "Voice Companion"


def site_dropdown(request: HttpRequest) -> list[dict[str, Any]]:
    """Leads to the page where another artist is chosen, for whoever has more than one."""
    if len(access_of(request).choices) < 2:
        return []
    return [{"icon": "swap_horiz", "title": "Change artist", "link": reverse("admin:choose_artist")}]


def accent(request: HttpRequest) -> dict[str, str]:
    """The artist's hue in OKLCH at fixed lightness: readable at every hue (design/console/README.md, Look)."""
    chosen = access_of(request).chosen
    hue = chosen.accent_hue if chosen else 42
    return {weight: f"oklch({lightness}% {chroma} {hue})" for weight, (lightness, chroma) in SHADES.items()}


SHADES: dict[str, tuple[float, float]] = {
    "50": (97.7, 0.014),
    "100": (94.6, 0.033),
    "200": (90.2, 0.063),
    "300": (82.7, 0.119),
    "400": (71.4, 0.18),
    "500": (65, 0.2),
    "600": (50, 0.2),
    "700": (45, 0.19),
    "800": (40, 0.17),
    "900": (35, 0.14),
    "950": (27, 0.12),
}


def _link(item: Item) -> dict[str, Any]:
    return {"title": item.title, "icon": item.icon, "link": _address(item), "permission": _permission(item.need)}


def _address(item: Item) -> str:
    return reverse(f"admin:{item.url_name}_changelist")


def _permission(need: Capability) -> Callable[[HttpRequest], bool]:
    return lambda request: access_of(request).allows(need)
