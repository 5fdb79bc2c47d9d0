"""The home pages: of a town, and of the region with its map."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from consult.i18n import collate_key, language
from consult.modules import is_on
from consult.tenancy import open_towns
from consult.web.layout import home_cards
from consult.web.pages import Pages
from consult.web.places import place
from consult.web.publications import link_in
from consult.web.region_map import region_map

pages = Pages("home", __name__)


@pages.get("/", may="public", place="anywhere")
def home() -> ResponseReturnValue:
    """The first page of the place that the address names."""
    if place().town is None:
        return _region_home()
    return render_template("home.html", cards=home_cards("town", is_on))


def _region_home() -> ResponseReturnValue:
    towns = sorted(open_towns(), key=lambda town: collate_key(town.name(language()), language()))
    links = {town.code: link_in(town, "home.home") for town in towns}
    return render_template(
        "region.html",
        towns=towns,
        links=links,
        map=region_map(links, language()),
        cards=home_cards("region", lambda _plugin: True),
    )
