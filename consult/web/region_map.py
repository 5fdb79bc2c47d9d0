"""The map of the region, ready to be drawn: the outlines of its provinces and a dot for every municipality.

The map is an extra: the list of municipalities beside it says the same in words.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

DATA = Path(__file__).resolve().parents[1] / "data"
WIDTH = 400.0
MARGIN = 8.0

Point = tuple[float, float]


@dataclass(frozen=True)
class Province:
    """One outline: ``path`` is an SVG path in the units of the map's view box."""

    nuts3: str
    name: str
    path: str


@dataclass(frozen=True)
class Dot:
    """One municipality. ``x``, ``y``, ``r`` are in units of the view box; ``url`` is None where it is not open yet.

    ``count`` says how much it shows there; 0 is not said. ``is_named`` is true for the largest municipality of each
    province, whose name is written beside its dot.
    """

    code: str
    name: str
    x: float
    y: float
    r: float
    is_named: bool
    url: str | None
    count: int


@dataclass(frozen=True)
class RegionMap:
    """All that the template draws; the larger dots come first, so that a small neighbour lies on top."""

    view_box: str
    provinces: tuple[Province, ...]
    dots: tuple[Dot, ...]


@dataclass(frozen=True)
class _Frame:
    """An equirectangular projection, true to scale along the region's middle parallel."""

    west: float
    north: float
    across: float
    down: float
    height: float

    def place(self, lon: float, lat: float) -> Point:
        """Degrees to units of the view box, one decimal: a tenth of a unit is about 60 metres."""
        return (
            round(MARGIN + (lon - self.west) * self.across, 1),
            round(MARGIN + (self.north - lat) * self.down, 1),
        )


def region_map(links: Mapping[str, str], language: str = "bg", counts: Mapping[str, int] | None = None) -> RegionMap:
    """The map with names in ``language`` ("bg", "en" or "tr").

    ``links`` are the homes of the open towns and ``counts`` what each shows there, both by municipality code.
    A town that is not in ``data/municipalities.csv`` has no place on the map: ValueError.
    """
    rows = _municipalities()
    strangers = links.keys() - {row["code"] for row in rows}
    if strangers:
        raise ValueError(f"no such municipality on the map: {', '.join(sorted(strangers))}")
    return RegionMap(
        view_box=f"0 0 {WIDTH:g} {_frame().height:g}",
        provinces=tuple(
            Province(nuts3, names[f"name_{language}"], _path(nuts3))
            for nuts3, (names, _outline) in _provinces().items()
        ),
        dots=tuple(
            _dot(row, row[f"name_{language}"], links.get(row["code"]), (counts or {}).get(row["code"], 0))
            for row in rows
        ),
    )


def _dot(row: dict[str, str], name: str, url: str | None, count: int) -> Dot:
    x, y = _frame().place(float(row["lon"]), float(row["lat"]))
    return Dot(
        code=row["code"],
        name=name,
        x=x,
        y=y,
        r=round(2 + math.sqrt(int(row["population"])) / 85, 1),
        is_named=row["code"] in _largest(),
        url=url,
        count=count,
    )


@cache
def _municipalities() -> tuple[dict[str, str], ...]:
    """The rows of the file, most people first.

    ``lat`` and ``lon`` say where the dot stands. It is the seat, but the outline is coarse, so places on the coast
    stand a little inland; and Тунджа, whose seat is the town of Ямбол, stands to the south-west of it.
    """
    with (DATA / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return tuple(sorted(csv.DictReader(file), key=lambda row: -int(row["population"])))


@cache
def _largest() -> frozenset[str]:
    first: dict[str, str] = {}
    for row in _municipalities():
        first.setdefault(row["nuts3"], row["code"])
    return frozenset(first.values())


@cache
def _provinces() -> dict[str, tuple[dict[str, str], tuple[Point, ...]]]:
    """By NUTS 3 code: the names, and the outline in degrees (longitude first, RFC 7946), closed."""
    collection = json.loads((DATA / "provinces.geojson").read_text(encoding="utf-8"))
    return {
        feature["id"]: (feature["properties"], tuple((lon, lat) for lon, lat in feature["geometry"]["coordinates"][0]))
        for feature in collection["features"]
    }


@cache
def _frame() -> _Frame:
    points = [point for _names, outline in _provinces().values() for point in outline]
    west, east = min(lon for lon, _ in points), max(lon for lon, _ in points)
    south, north = min(lat for _, lat in points), max(lat for _, lat in points)
    across = (WIDTH - 2 * MARGIN) / (east - west)
    down = across / math.cos(math.radians((south + north) / 2))
    return _Frame(west, north, across, down, height=math.ceil(2 * MARGIN + (north - south) * down))


@cache
def _path(nuts3: str) -> str:
    """Steps from one rounded point to the next, so that two provinces share their border to the last decimal."""
    frame = _frame()
    points = [frame.place(lon, lat) for lon, lat in _provinces()[nuts3][1]]
    steps = (
        f"{round(x - before_x, 1):g},{round(y - before_y, 1):g}"
        for (before_x, before_y), (x, y) in pairwise(points[:-1])
    )
    return f"M{points[0][0]:g},{points[0][1]:g}l{' '.join(steps)}z"
