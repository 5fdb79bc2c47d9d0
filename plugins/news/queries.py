"""What is asked of news in more than one place."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from consult.api import db
from plugins.news.models import Category


def categories() -> Sequence[Category]:
    """The municipality's categories in its own order."""
    return db.session.scalars(select(Category).order_by(Category.position, Category.id)).all()


def category_names(language: str) -> dict[str, str]:
    """Category key → its name, of this municipality."""
    return {one.key: one.name(language) for one in categories()}
