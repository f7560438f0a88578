"""Which files a screen needs. Modules are read for what they import, so that a phone asks for all of them at once."""

import re
from functools import cache
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.BASE_DIR) / "static" / "fan" / "js"
ENTRY = "main.js"
VIEWS = "views.js"
# `import … from "./x.js"` and its like; not `import("./x.js")`, which waits until it is asked.
STATIC_IMPORT = re.compile(r'^(?:import|export)\b[^"\';(]*"\./([^"]+)"', re.MULTILINE)
VIEW = re.compile(r'^\s*(\w+): \(\) => import\("\./([^"]+)"\)', re.MULTILINE)


@cache
def view_modules() -> dict[str, str]:
    """The module of each view, by the view's name, as views.js loads them."""
    return dict(VIEW.findall((FOLDER / VIEWS).read_text(encoding="utf-8")))


@cache
def modules_of(view: str, language: str) -> tuple[str, ...]:
    """The modules that a page whose first screen is `view` starts with, the entry first. Raises KeyError."""
    found = _reached((ENTRY, view_modules()[view]))
    catalog = f"catalogs/{language}.js"
    return (*found, catalog) if (FOLDER / catalog).is_file() else found


def every_module() -> tuple[str, ...]:
    """All that any screen may ask for, in any language: what the service worker keeps for the day without a network."""
    return tuple(sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*.js")))


@cache
def styles() -> tuple[str, ...]:
    """The style sheets of the app, as static files, in the order in which one builds on another."""
    first = ("tokens", "parts")
    others = sorted(path.stem for path in (FOLDER.parent / "css").glob("*.css") if path.stem not in first)
    return tuple(f"fan/css/{name}.css" for name in (*first, *others))


def _reached(entries: tuple[str, ...]) -> tuple[str, ...]:
    """The modules themselves and all that they import, breadth first, each once."""
    reached = list(dict.fromkeys(entries))
    for name in reached:  # grows while it is walked
        text = (FOLDER / name).read_text(encoding="utf-8")
        reached += [other for other in dict.fromkeys(STATIC_IMPORT.findall(text)) if other not in reached]
    return tuple(reached)
