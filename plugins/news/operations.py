"""What is done with categories; all that is done with posts is what the core does with any publication."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import count

from sqlalchemy import func, select

from consult.api import Refused, db, here, lazy_pgettext, operation, slug, touch
from plugins.news.models import Category
from plugins.news.queries import categories


@operation
def name_category(name_bg: str, name_en: str = "", name_tr: str = "") -> Category:
    """Adds a category. Raises Refused when the municipality has one of this name.

    Its address is made of its first name; a renamed neighbour may have the plain one, then a number follows.
    """
    others = categories()
    _require_free(name_bg, others)
    taken = {one.key for one in others}
    key = next(one for one in _addresses(slug(name_bg)) if one not in taken)
    last = db.session.scalar(select(func.max(Category.position))) or 0
    category = Category(key=key, name_bg=name_bg, name_en=name_en, name_tr=name_tr, position=last + 1)
    db.session.add(category)
    touch(here().id)
    return category


@operation
def rename_category(category: Category, name_bg: str, name_en: str, name_tr: str) -> None:
    """Gives a category other names; its address stays. Raises Refused for a name that another has, as for a new one."""
    _require_free(name_bg, [one for one in categories() if one.id != category.id])
    category.name_bg, category.name_en, category.name_tr = name_bg, name_en, name_tr
    touch(here().id)


def _require_free(name_bg: str, others: Iterable[Category]) -> None:
    """Whatever the case: people would not tell two such tabs apart."""
    if any(one.name_bg.casefold() == name_bg.casefold() for one in others):
        raise Refused(lazy_pgettext("news", "There is a category of this name already."), "name_bg")


def _addresses(first: str) -> Iterator[str]:
    yield first
    yield from (f"{first[:55]}-{number}" for number in count(2))
