"""The municipalities of the region, and the value of one that a request carries."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from consult.db import Base


class Municipality(Base):
    """One of the municipalities of the region. Its key to the world is the obshtina code, never the ЕКАТТЕ."""

    __tablename__ = "municipality"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(5), unique=True)
    slug: Mapped[str] = mapped_column(String(40), unique=True)
    name_bg: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    name_tr: Mapped[str] = mapped_column(String(80))
    nuts3: Mapped[str] = mapped_column(String(5))
    latitude: Mapped[float]
    longitude: Mapped[float]
    population: Mapped[int]
    is_open: Mapped[bool] = mapped_column(default=False)
    hue: Mapped[int]
    motif: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    host: Mapped[str | None] = mapped_column(String(253), unique=True)


@dataclass(frozen=True, kw_only=True)
class Town:
    """A municipality as it was when the request began: a value that no transaction can change or expire."""

    id: int
    code: str
    slug: str
    name_bg: str
    name_en: str
    name_tr: str
    is_open: bool
    hue: int
    motif: str
    email: str
    phone: str
    address: str
    host: str | None
    stamp: int

    def name(self, language: str) -> str:
        """The name in ``language`` ("bg", "en" or "tr")."""
        return str(getattr(self, f"name_{language}"))
