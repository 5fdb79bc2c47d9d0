"""A town's colours out of one hue: four shades in OKLCH, their contrast, and the stylesheet that carries them."""

from dataclasses import dataclass
from functools import cache
from math import cos, radians, sin
from typing import Protocol

from consult.look.motifs import motif_url

REGION_HUE = 257.0
REGION_MOTIF = "soyur"

# Lightness and chroma of each shade. They are the same for every hue, so no choice of hue can spoil the contrast.
SHADES = {"b900": (0.33, 0.075), "b700": (0.45, 0.105), "b100": (0.93, 0.030), "b50": (0.97, 0.014)}
CHROMA_STEP = 0.005


class Themed(Protocol):
    """What of a municipality decides its look."""

    @property
    def hue(self) -> float: ...

    @property
    def motif(self) -> str: ...


@dataclass(frozen=True)
class Brand:
    """The four brand colours as #RRGGBB, named by depth: b900 the darkest, b50 the palest."""

    b900: str
    b700: str
    b100: str
    b50: str


@cache
def brand_colours(hue: float) -> Brand:
    """Return the brand colours of a hue in degrees (0 to 360)."""
    return Brand(**{name: _shade(lightness, chroma, hue) for name, (lightness, chroma) in SHADES.items()})


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two #RRGGBB colours, 1 to 21 (WCAG 2.2, definition of contrast ratio)."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def theme_css(town: Themed | None) -> str:
    """Return the stylesheet of a municipality, or of the region when there is none."""
    colours = brand_colours(town.hue if town else REGION_HUE)
    motif = motif_url(town.motif if town else REGION_MOTIF)
    return (
        f":root{{--brand-900:{colours.b900};--brand-700:{colours.b700};--brand-100:{colours.b100};"
        f'--brand-50:{colours.b50};--motif:url("{motif}")}}\n'
    )


def theme_colour(town: Themed | None) -> str:
    """Return the darkest brand colour, which a phone paints around the page."""
    return brand_colours(town.hue if town else REGION_HUE).b900


def _shade(lightness: float, chroma: float, hue: float) -> str:
    while any(not 0 <= part <= 1 for part in _linear_rgb(lightness, chroma, hue)) and chroma > 0:
        chroma -= CHROMA_STEP
    return "#" + "".join(f"{round(_encoded(part) * 255):02X}" for part in _linear_rgb(lightness, max(chroma, 0), hue))


def _linear_rgb(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """Return linear sRGB of an OKLCH colour (CSS Color 4, section 9.3); outside 0 to 1 the screen cannot show it."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _encoded(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


def _decoded(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4


def _luminance(colour: str) -> float:
    red, green, blue = (_decoded(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
