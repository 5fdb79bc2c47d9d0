"""Pages: a blueprint whose every route says who may open it and where it lies; nothing is public by silence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Blueprint
from flask.sansio.app import App

from consult.access import PUBLIC
from consult.errors import ContractError

PLACES = ("town", "region", "anywhere", "operator", "installation")


@dataclass(frozen=True)
class PageRule:
    """What a page declared. ``is_kept``: an anonymous reader may be given a remembered answer.

    ``opened_by`` says of the variables of its address whether a key among them holds.
    """

    may: str
    place: str
    is_kept: bool
    takes_files: bool = False
    opened_by: Callable[..., bool] | None = None


class Pages(Blueprint):
    """A Flask blueprint; ``get``, ``post`` and ``route`` take two more words and insist on the first.

    ``may``: "public", "signed-in" or a permission. ``place``: "town" (default), "region", "anywhere" (both),
    "operator" or "installation". ``is_kept=False`` for a public page that may not be remembered between readers.
    ``opened_by``, for a page that a letter opens by a key, is what looks whether the key holds; it takes the variables
    of the address. What then comes from no browser is accepted: one-click unsubscribing (RFC 8058).
    ``takes_files=True`` for one that takes an upload, so that what is sent may be larger.
    ``editors`` and ``viewers``: the page on which a kind of publication is written, and the one that shows it (it takes
    ``number``), by the kind's identity. So is the page that shows a kind of contribution in its thread; it takes
    ``number``, of the publication, and ``contribution``.
    """

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        options.setdefault("template_folder", "templates")
        super().__init__(name, import_name, **options)
        self.rules: dict[str, PageRule] = {}
        self.editors: dict[str, str] = {}
        self.viewers: dict[str, str] = {}

    def route(self, rule: str, **options: Any) -> Callable[[Any], Any]:
        """Declares a page; see the class."""
        may, place = options.pop("may", None), options.pop("place", "town")
        is_kept, takes_files = options.pop("is_kept", may == PUBLIC), options.pop("takes_files", False)
        opened_by = options.pop("opened_by", None)

        def declare(view: Any) -> Any:
            where = f"{view.__module__}.{view.__qualname__}"
            if may is None:
                raise ContractError(
                    f"the page {rule} does not say who may open it",
                    where,
                    "what nobody declared would be open to everybody",
                    'add may="public" or may="<permission>"',
                )
            if place not in PLACES:
                raise ContractError(f"the page {rule} lies in {place!r}", where, f"places are {PLACES}", "use one")
            endpoint = options.pop("endpoint", view.__name__)
            self.rules[endpoint] = PageRule(may, place, is_kept, takes_files, opened_by)
            self.add_url_rule(rule, endpoint, view, **options)
            return view

        return declare

    def get(self, rule: str, **options: Any) -> Callable[[Any], Any]:
        """A page that only shows."""
        return self.route(rule, methods=["GET"], **options)

    def post(self, rule: str, **options: Any) -> Callable[[Any], Any]:
        """A page that only changes."""
        return self.route(rule, methods=["POST"], **options)

    def register(self, app: App, options: dict[str, Any]) -> None:
        """Joins the application and hands it the rules of its pages, and where its kinds are written and shown."""
        super().register(app, options)
        rules = app.extensions.setdefault("consult.page_rules", {})
        rules |= {f"{self.name}.{endpoint}": rule for endpoint, rule in self.rules.items()}
        editors = app.extensions.setdefault("consult.editors", {})
        editors |= {kind: f"{self.name}.{endpoint}" for kind, endpoint in self.editors.items()}
        app.extensions.setdefault("consult.viewers", {}).update(self.viewers)
