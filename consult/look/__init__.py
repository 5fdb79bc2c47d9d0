"""What the platform looks like to a browser: static files, fonts and the colours of each municipality."""

from consult.look.assets import asset, icon, lay_out_assets, serve_assets
from consult.look.motifs import MOTIFS
from consult.look.theme import Brand, Themed, brand_colours, contrast, theme_colour, theme_css

__all__ = [
    "MOTIFS",
    "Brand",
    "Themed",
    "asset",
    "brand_colours",
    "contrast",
    "icon",
    "lay_out_assets",
    "serve_assets",
    "theme_colour",
    "theme_css",
]
