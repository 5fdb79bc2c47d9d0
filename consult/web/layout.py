"""What every page is given: menus, languages, other towns, cards, slots, and the words that templates use."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from flask import Flask, current_app, flash, g, get_flashed_messages, render_template, request, url_for
from jinja2 import StrictUndefined
from markupsafe import Markup

from consult import i18n
from consult.access import may, reader, role_here
from consult.addresses import address_of
from consult.contract import CARD_COLUMNS, NavigationItem
from consult.errors import Sentence
from consult.i18n import LANGUAGE_LABELS, LANGUAGE_NAMES, LANGUAGES, language, path_of
from consult.look import asset, icon, theme_colour, theme_css
from consult.registry import cards, fills, registry
from consult.settings import setting
from consult.tenancy import Town, current_door, open_towns, remembered
from consult.web.guard import form_guard
from consult.web.kept import kept_part
from consult.web.pages import PageRule
from consult.web.places import place, root_of
from consult.web.publications import body_of, link_in, owner_of, page_of_contribution, text_of


@dataclass(frozen=True)
class Link:
    """An entry of a menu as a template draws it."""

    title: Sentence
    url: str
    is_current: bool = False
    icon: str = ""
    invitation: Sentence = ""


@dataclass(frozen=True)
class LanguageLink:
    """The same page in another language. ``url`` is relative; ``address`` is full, for hreflang."""

    code: str
    label: str
    name: str
    url: str
    address: str
    is_current: bool


def init_layout(app: Flask) -> None:
    """Gives every template its words; a name that none of them knows is an error, not an empty place."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.globals.update(
        asset=asset,
        icon=icon,
        form_guard=form_guard,
        may=may,
        slot=slot,
        setting=setting,
        menu=menu,
        body_of=body_of,
        text_of=text_of,
        kept_part=kept_part,
        page_of_contribution=page_of_contribution,
        owner_of=owner_of,
        link_in=link_in,
        say_date=i18n.say_date,
        say_time=i18n.say_time,
        say_moment=i18n.say_moment,
        say_month=i18n.say_month,
        say_weekday=i18n.say_weekday,
        say_range=i18n.say_range,
        say_relative=i18n.say_relative,
        say_days_left=i18n.say_days_left,
        say_number=i18n.say_number,
        say_size=i18n.say_size,
        say_list=i18n.say_list,
    )
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    """The same for the page and for every part of it that is rendered apart, so it is made once a request."""
    if "layout" not in g:
        here = place()
        g.layout = {
            "place": here,
            "home_url": f"{request.script_root}/",
            "region_url": _region_url(),
            "languages": languages(),
            "navigation": menu("public"),
            "other_towns": other_towns,
            "reader": reader(),
            "role": role_here(),
            "notices": notices,
            "theme_url": theme_url,
            "theme_colour": theme_colour(here.town),
        }
    context: dict[str, Any] = g.layout
    return context


def menu(where: str) -> list[Link]:
    """The entries of a menu ("public", "desk" or "make") that whoever reads may open here."""
    items = list(registry().core.navigation)
    door = current_door()
    if door is not None and door.town is not None:  # the operator's pages lie in no town, whatever the address says
        items += [item for plugin in registry().on_here() for item in plugin.navigation]
    rules: dict[str, PageRule] = current_app.extensions["consult.page_rules"]
    shown = sorted((item for item in items if item.where == where), key=lambda item: item.order)
    links = [_link(item) for item in shown if _lies_here(rules[item.endpoint]) and may(rules[item.endpoint].may)]
    current = _nearest([link.url for link in links])
    return [replace(link, is_current=link.url == current) for link in links]


def _lies_here(rule: PageRule) -> bool:
    return rule.place == "anywhere" or rule.place == place().kind


def _link(item: NavigationItem) -> Link:
    return Link(item.title, url_for(item.endpoint), icon=item.icon, invitation=item.invitation)


def _nearest(urls: list[str]) -> str:
    """The one under which this page lies: "News" on a piece of news, but "Categories" on those."""
    path = f"{request.script_root}{request.path}"
    return max((url for url in urls if path == url or path.startswith(f"{url}/")), key=len, default="")


def languages() -> list[LanguageLink]:
    """This page in every language, with the filters and the page number that are in its address."""
    here, links = place(), []
    rest = request.full_path.rstrip("?") if request.method == "GET" and request.url_rule else "/"
    start = address_of(here.town, "bg", "home.home").removesuffix("/")
    for code in LANGUAGES:
        prefix = path_of(code)
        links.append(
            LanguageLink(
                code,
                LANGUAGE_LABELS[code],
                LANGUAGE_NAMES[code],
                f"{here.root}{prefix}{rest}",
                f"{start}{prefix}{rest}",
                code == here.language,
            )
        )
    return links


def other_towns() -> list[Link]:
    """The other municipalities that take part, for the foot of the page; none in an installation for one town."""
    if current_app.config["PLACE"] != "region":
        return []
    here, prefix, door = place(), path_of(language()), current_door()
    # Whoever opens a town, closes it or changes its address raises the stamps of all the others too.
    everybody = remembered("layout.towns", open_towns) if door is not None and door.town else open_towns()
    towns = [town for town in everybody if here.town is None or town.id != here.town.id]
    return [Link(town.name(language()), f"{root_of(town)}{prefix}/") for town in towns]


def notices() -> list[dict[str, str]]:
    """What was said to this person after the last action: ``kind`` ("ok", "info" or "warn"), ``text``, ``url``."""
    if reader() is None:
        return []
    said: list[tuple[str, Any]] = list(get_flashed_messages(with_categories=True))  # type: ignore[arg-type]
    return [{"kind": kind, **words} for kind, words in said]


def tell(sentence: Sentence, kind: str = "ok", url: str = "", verb: Sentence = "") -> None:
    """Says a sentence to the signed-in person at the top of the next page, with a link where there is one.

    It is kept until the commit: what was not saved is not said.
    """
    g.setdefault("told", []).append(({"text": str(sentence), "url": url, "verb": str(verb)}, kind))


def say_what_was_told() -> None:
    """Hands what was told to the next page; after the commit."""
    for words, kind in g.pop("told", []):
        flash(words, kind)


def theme_url(town: Town | None) -> str:
    """The address of the place's colours; the digest in it changes with them."""
    version = sha256(theme_css(town).encode()).hexdigest()[:12]
    return url_for("installation.theme", v=version)


def slot(name: str, **facts: Any) -> Markup:
    """What other plugins show at this place of the page."""
    return Markup("").join(
        Markup(render_template(fill.template, **found))
        for fill in fills(name)
        if (found := fill.facts(**facts)) is not None
    )


def home_cards(kind_of_place: str, is_shown: Callable[[str], bool]) -> dict[str, list[Markup]]:
    """The cards of a home page by column, rendered, of the plugins for which ``is_shown`` holds."""
    columns: dict[str, list[Markup]] = {column: [] for column in CARD_COLUMNS[kind_of_place]}
    for plugin, card in cards(kind_of_place):
        facts = card.facts() if is_shown(plugin.name) else None
        if facts is not None:
            columns[card.column].append(Markup(render_template(card.template, **facts)))
    return columns


def _region_url() -> str:
    if current_app.config["PLACE"] != "region":
        return ""
    return f"{root_of(None)}{path_of(language())}/"
