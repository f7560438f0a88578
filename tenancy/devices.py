"""What a login tells of the device behind it: two names out of closed sets, never the header itself."""

import re
from typing import NamedTuple

# The first that fits counts: Edge, Opera and Samsung's browser also call themselves Chrome, and Chrome calls itself
# Safari (https://developer.mozilla.org/docs/Web/HTTP/Browser_detection_using_the_user_agent).
BROWSERS = {
    "Edge": r"\bEdg(A|iOS)?/",
    "Opera": r"\bOPR/",
    "Samsung Internet": r"\bSamsungBrowser/",
    "Firefox": r"\b(Firefox|FxiOS)/",
    "Chrome": r"\b(Chrome|CriOS|Chromium|HeadlessChrome)/",
    "Safari": r"\bVersion/\S+ .*\bSafari/",
}
SYSTEMS = {
    "iPhone": r"\biPhone\b",
    "iPad": r"\biPad\b",
    "Android": r"\bAndroid\b",
    "Windows": r"\bWindows NT\b",
    "ChromeOS": r"\bCrOS\b",
    "macOS": r"\bMacintosh\b",
    "Linux": r"\b(Linux|X11)\b",
}
LONGEST = 500


class Device(NamedTuple):
    """Empty where the header does not say."""

    browser: str
    system: str


def device_of(user_agent: str) -> Device:
    """The browser and the system that a User-Agent header names."""
    header = user_agent[:LONGEST]
    return Device(_first(BROWSERS, header), _first(SYSTEMS, header))


def _first(patterns: dict[str, str], header: str) -> str:
    return next((name for name, pattern in patterns.items() if re.search(pattern, header)), "")
