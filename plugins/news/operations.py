"""What is done with categories; all that is done with posts is what the core does with any publication."""

from __future__ import annotations

from sqlalchemy import func, select

from consult.api import Refused, db, here, lazy_pgettext, operation, slug, touch
from plugins.news.models import Category


@operation
def name_category(name_bg: str, name_en: str = "", name_tr: str = "") -> Category:
    """Adds a category. Raises Refused when the municipality has one whose address would be the same."""
    key = slug(name_bg)
    if db.session.scalar(select(Category.id).where(Category.key == key)) is not None:
        raise Refused(lazy_pgettext("news", "There is a category of this name already."), "name_bg")
    last = db.session.scalar(select(func.max(Category.position))) or 0
    category = Category(key=key, name_bg=name_bg, name_en=name_en, name_tr=name_tr, position=last + 1)
    db.session.add(category)
    touch(here().id)
    return category


@operation
def rename_category(category: Category, name_bg: str, name_en: str, name_tr: str) -> None:
    """Gives a category other names; its address stays."""
    category.name_bg, category.name_en, category.name_tr = name_bg, name_en, name_tr
    touch(here().id)
