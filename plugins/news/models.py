"""What is kept of news: the posts, and the categories that a municipality names itself."""

from __future__ import annotations

from sqlalchemy import String, UniqueConstraint

from consult.api import Base, Local, Mapped, Publication, its_publication, kind_columns, mapped_column


class Post(Publication):
    """A piece of news. All it says is what any publication says; its topic is the key of a category."""

    __tablename__ = "news_post"
    __table_args__ = (its_publication(),)
    __mapper_args__ = {"polymorphic_identity": "news.post"}

    id, municipality_id = kind_columns()


class Category(Local, Base):
    """A category of one municipality. ``key`` is made from its first name and never changes: it is in addresses."""

    __tablename__ = "news_category"
    __table_args__ = (UniqueConstraint("municipality_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60))
    name_bg: Mapped[str] = mapped_column(String(60))
    name_en: Mapped[str] = mapped_column(String(60), default="")
    name_tr: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(default=0)

    def name(self, language: str) -> str:
        """The name in ``language``, or in Bulgarian where the municipality gave no other."""
        return str(getattr(self, f"name_{language}") or self.name_bg)
