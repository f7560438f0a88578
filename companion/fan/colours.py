"""Colours of the fan app where CSS cannot say them: manifests and the bar of a phone want them as #rrggbb."""

import math
from dataclasses import dataclass

HOUSE_HUE = 42  # of pages that belong to no artist; the default of --accent-hue in tokens.css


@dataclass(frozen=True, slots=True)
class Oklch:
    """A colour of OKLCH: lightness 0 to 1, chroma, hue in degrees."""

    lightness: float
    chroma: float
    hue: float = HOUSE_HUE

    def hex(self) -> str:
        """In sRGB, as #rrggbb; what sRGB cannot show is cut off at its edge (Ottosson's matrices)."""
        a = self.chroma * math.cos(math.radians(self.hue))
        b = self.chroma * math.sin(math.radians(self.hue))
        long = (self.lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
        middle = (self.lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
        short = (self.lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
        linear = (
            4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
            -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
            -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
        )
        return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, part)))):02x}" for part in linear)


def _gamma(linear: float) -> float:
    return 12.92 * linear if linear <= 0.0031308 else 1.055 * linear ** (1 / 2.4) - 0.055


def paper(theme: str, hue: float) -> str:
    """The page's own colour, --paper of tokens.css, in a theme: light or dark."""
    return Oklch(0.986, 0.003, hue).hex() if theme == "light" else Oklch(0.165, 0.008, hue).hex()


# The drawn portrait's colours (parts.css has the same for pages): lightness, chroma, degrees from the artist's hue.
PORTRAIT = {
    "sky_1": (0.87, 0.085, 28),
    "sky_2": (0.75, 0.15, 8),
    "sky_3": (0.55, 0.17, -12),
    "sun_1": (0.98, 0.04, 44),
    "sun_2": (0.91, 0.1, 34),
    "skin_1": (0.3, 0.09, -10),
    "skin_2": (0.52, 0.15, -4),
    "skin_3": (0.66, 0.16, 8),
    "hair_1": (0.17, 0.03, -14),
    "hair_2": (0.27, 0.07, -10),
    "coat_1": (0.22, 0.05, -14),
    "coat_2": (0.4, 0.13, -10),
    "ring": (0.9, 0.11, 34),
}


def inks(hue: float) -> dict[str, str]:
    """The portrait's colours for an artist, by name, as #rrggbb."""
    return {name: Oklch(lightness, chroma, hue + by).hex() for name, (lightness, chroma, by) in PORTRAIT.items()}
