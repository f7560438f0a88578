"""What the sidebar and the first page list: each thing only for the roles that may open it. Each page checks again."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from companion.console.frame import badges
from tenancy.console.access import Choice, access_of
from tenancy.roles import Capability

# As many artists as the switch lists at once; the rest are a page away.
MANY = 12


@dataclass(frozen=True, slots=True)
class Item:
    """A page of the console. `model` is the name under which the admin knows it, `page` which of its pages it is,
    `others` are the models whose pages stand below it too."""

    title: str
    icon: str
    model: str
    need: Capability
    about: str
    page: str = "changelist"
    others: tuple[str, ...] = ()

    @property
    def url_name(self) -> str:
        return f"admin:{self.model}_{self.page}"


GROUPS: tuple[tuple[str, tuple[Item, ...]], ...] = (
    (
        "Safety",
        (
            Item(
                "Review queue",
                "gavel",
                "moderation_case",
                Capability.MODERATE,
                "Held replies, reports and crises to decide.",
                page="queue",
            ),
            Item(
                "Rules", "rule", "moderation_rule", Capability.MODERATE, "Phrases that are blocked, deflected or held."
            ),
            Item("Reports", "flag", "conversations_report", Capability.MODERATE, "Messages that fans reported."),
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
                "deployed_code_history",
                "personas_personaversion",
                Capability.READ_PERSONA,
                "Every line, by version.",
            ),
            Item(
                "Mood and schedule",
                "timeline",
                "personas_mood",
                Capability.READ_PERSONA,
                "How she is and where, from when to when.",
                page="timeline",
                others=("personas_scheduleentry",),
            ),
            Item(
                "Corpus",
                "library_books",
                "personas_document",
                Capability.READ_PERSONA,
                "Documents that she may draw on.",
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
            Item(
                "Memory",
                "neurology",
                "memory_sessionmark",
                Capability.CONTROL,
                "Talk that could not be read, and how far the vectors are.",
            ),
            Item("Usage", "data_usage", "billing_usagerecord", Capability.CONTROL, "What each turn used."),
        ),
    ),
    (
        "Control",
        (
            Item(
                "Kill switches",
                "emergency_home",
                "tenancy_killswitch",
                Capability.CONTROL,
                "Pause a surface, a provider, or all.",
            ),
            Item("Artist", "palette", "tenancy_artist", Capability.READ_PERSONA, "Name, age limit, accent."),
            Item("Team", "badge", "tenancy_staffrole", Capability.MANAGE_STAFF, "Who may do what."),
            Item(
                "Audit log", "receipt_long", "kernel_auditentry", Capability.READ_AUDIT, "Every change, in one chain."
            ),
        ),
    ),
)


def sidebar(request: HttpRequest) -> list[dict[str, Any]]:
    """UNFOLD["SIDEBAR"]["navigation"]: the groups in which this role may open something."""
    today = {"title": "Today", "icon": "space_dashboard", "link": reverse("admin:index")}
    marks = badges(request)
    groups: list[dict[str, Any]] = [{"title": "", "items": [today]}]
    for title, items in open_to(request):
        links = [_link(item, address, marks.get(item.model)) for item, address in items]
        groups.append({"title": title, "separator": True, "items": links})
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


def place_of(model: str) -> tuple[str, Item] | None:
    """(group, item) of the sidebar under which a model's pages stand."""
    for title, items in GROUPS:
        for item in items:
            if model in (item.model, *item.others):
                return title, item
    return None


def site_header(request: HttpRequest) -> str:
    """The chosen artist's name, so that nobody mistakes whose console this is."""
    chosen = access_of(request).chosen
    return chosen.name if chosen else "Voice Companion"


def account(_request: HttpRequest) -> list[dict[str, str]]:
    """The menu below one's own name. UNFOLD["ACCOUNT"]["navigation"]."""
    pages = {"Two-step log-in": "admin:two_step", "Change password": "admin:password_change"}
    return [{"title": title, "link": reverse(name)} for title, name in pages.items()]


def site_subheader(request: HttpRequest) -> str:
    """The product, and what this person is here."""
    chosen = access_of(request).chosen
    return f"Console · {chosen.role}" if chosen else ""


def site_dropdown(request: HttpRequest) -> list[dict[str, Any]]:
    """Every artist whom this person may enter, for whoever has more than one."""
    access = access_of(request)
    if len(access.choices) < 2:
        return []
    nearest = [_entrance(choice, current=choice == access.chosen) for choice in access.choices[:MANY]]
    if len(access.choices) > MANY:
        nearest.append({"icon": "more_horiz", "title": "All artists", "link": reverse("admin:choose_artist")})
    return nearest


def _entrance(choice: Choice, *, current: bool) -> dict[str, Any]:
    link = f"{reverse('admin:choose_artist')}?enter={choice.artist}"
    here = {"aria-current": "true"} if current else {}
    return {"icon": "check" if current else "graphic_eq", "title": choice.name, "link": link, "attrs": here}


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


def _link(item: Item, address: str, badge: tuple[int, str] | None) -> dict[str, Any]:
    """A badge that has nothing to say is left out: Unfold would draw an empty box."""
    link: dict[str, Any] = {"title": item.title, "icon": item.icon, "link": address}
    if badge is not None:
        number, colour = badge
        link |= {"badge": str(number), "badge_variant": colour}
        if colour == "danger":
            link["badge_style"] = "solid"
    return link


def _address(item: Item) -> str:
    return reverse(item.url_name)
