"""The map of the region: every municipality stands where it belongs, and the drawing is light and can be read out."""

from __future__ import annotations

import csv
import json
import math
import re

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined

from consult.look.motifs import MOTIFS
from consult.web.region_map import DATA, Dot, RegionMap, region_map

RESERVED_FIRST_WORDS = {
    "en", "tr", "bg", "static", "operator", "vhod", "izhod", "rabota", "admin", "novini", "sabitia", "konsultatsii",
    "napredak", "moeto", "tarsene", "k", "s", "healthz", "theme.css", ".well-known",
}  # fmt: skip

Point = tuple[float, float]


def rows() -> list[dict[str, str]]:
    with (DATA / "municipalities.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def everyone_open() -> RegionMap:
    links = {row["code"]: f"/{row['slug']}/en/" for row in rows()}
    return region_map(links, "bg", dict.fromkeys(links, 12))


def drawn_outline(path: str) -> list[Point]:
    """The points of a drawn province, read back from its SVG path."""
    x, y, *steps = (float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", path))
    points = [(x, y)]
    for dx, dy in zip(steps[::2], steps[1::2], strict=True):
        x, y = x + dx, y + dy
        points.append((x, y))
    return points


def is_inside(x: float, y: float, outline: list[Point]) -> bool:
    """Ray casting: a ray to the east crosses the outline an odd number of times."""
    crossings = 0
    for (x1, y1), (x2, y2) in zip(outline, outline[1:] + outline[:1], strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            crossings += 1
    return crossings % 2 == 1


def dot_of(drawing: RegionMap, code: str) -> Dot:
    return next(dot for dot in drawing.dots if dot.code == code)


def svg(drawing: RegionMap) -> str:
    """The template alone, with the sentences left in English."""
    source = (DATA.parent / "templates" / "_region_map.html").read_text(encoding="utf-8")
    environment = Environment(loader=DictLoader({"map": source}), autoescape=True, undefined=StrictUndefined)
    environment.globals["_"] = str
    environment.globals["ngettext"] = lambda one, many, num, **words: many % {"num": num, **words}
    return environment.get_template("map").render(map=drawing)


def test_all_33_municipalities_have_an_address_a_hue_and_a_motif_of_their_own() -> None:
    slugs = [row["slug"] for row in rows()]
    assert len(slugs) == len(set(slugs)) == 33
    assert not set(slugs) & RESERVED_FIRST_WORDS
    for row in rows():
        assert re.fullmatch(r"[a-z]+(-[a-z]+)*", row["slug"]), row
        assert 0 <= int(row["hue"]) < 360, row
        assert row["motif"] in MOTIFS, row
        assert all(row[name] for name in ("name_bg", "name_en", "name_tr")), row


def test_neighbours_do_not_wear_the_same_colour() -> None:
    towns = rows()
    for one in towns:
        for other in towns:
            apart = abs(int(one["hue"]) - int(other["hue"])) % 360
            east = (float(one["lon"]) - float(other["lon"])) * math.cos(math.radians(42.5)) * 111
            north = (float(one["lat"]) - float(other["lat"])) * 111
            if one["code"] < other["code"] and math.hypot(east, north) < 30:
                assert min(apart, 360 - apart) >= 25, (one["slug"], other["slug"])


def test_every_dot_lies_inside_the_view_box_and_its_own_province() -> None:
    drawing = region_map({})
    _, _, width, height = (float(number) for number in drawing.view_box.split())
    outlines = {province.nuts3: drawn_outline(province.path) for province in drawing.provinces}
    assert len(outlines) == 4
    assert len(drawing.dots) == 33
    for row in rows():
        dot = dot_of(drawing, row["code"])
        assert dot.r <= dot.x <= width - dot.r, row["slug"]
        assert dot.r <= dot.y <= height - dot.r, row["slug"]
        found_in = [nuts3 for nuts3, outline in outlines.items() if is_inside(dot.x, dot.y, outline)]
        assert found_in == [row["nuts3"]], row["slug"]


def test_the_outlines_stay_inside_the_view_box() -> None:
    drawing = region_map({})
    _, _, width, height = (float(number) for number in drawing.view_box.split())
    for province in drawing.provinces:
        for x, y in drawn_outline(province.path):
            assert 0 <= x <= width, province.name
            assert 0 <= y <= height, province.name


def test_a_degree_of_longitude_is_drawn_shorter_than_a_degree_of_latitude() -> None:
    features = json.loads((DATA / "provinces.geojson").read_text(encoding="utf-8"))["features"]
    points = [point for feature in features for point in feature["geometry"]["coordinates"][0]]
    degrees_across = max(lon for lon, _ in points) - min(lon for lon, _ in points)
    degrees_down = max(lat for _, lat in points) - min(lat for _, lat in points)
    drawn = [point for province in region_map({}).provinces for point in drawn_outline(province.path)]
    units_across = max(x for x, _ in drawn) - min(x for x, _ in drawn)
    units_down = max(y for _, y in drawn) - min(y for _, y in drawn)
    ratio = (units_across / degrees_across) / (units_down / degrees_down)
    assert ratio == pytest.approx(math.cos(math.radians(42.457)), abs=0.005)


@pytest.mark.parametrize(("one", "other"), [("JAM25", "JAM26"), ("SZR37", "SZR38")])
def test_two_towns_close_to_each_other_are_two_dots(one: str, other: str) -> None:
    drawing = region_map({})
    first, second = dot_of(drawing, one), dot_of(drawing, other)
    assert math.hypot(first.x - second.x, first.y - second.y) > abs(first.r - second.r) + 1


def test_tundzha_and_yambol_do_not_even_touch() -> None:
    drawing = region_map({})
    tundzha, yambol = dot_of(drawing, "JAM25"), dot_of(drawing, "JAM26")
    assert math.hypot(tundzha.x - yambol.x, tundzha.y - yambol.y) > tundzha.r + yambol.r


def test_only_an_open_town_is_a_link() -> None:
    drawing = region_map({"SZR31": "/stara-zagora/"}, counts={"SZR31": 3})
    assert [dot.code for dot in drawing.dots if dot.url] == ["SZR31"]
    html = svg(drawing)
    assert html.count("<a ") == 1
    assert 'href="/stara-zagora/"' in html
    assert "<title>Стара Загора: 3 publications</title>" in html


def test_links_stand_outside_the_image_so_that_they_can_be_reached() -> None:
    html = svg(everyone_open())
    image = html[html.index('role="img"') : html.index("</g>")]
    assert "<title" in image
    assert "<desc" in image
    assert image.count("<path") == 4
    assert "<a " not in image
    assert html.count("<a ") == 33


def test_names_follow_the_language_of_the_reader() -> None:
    burgas = {language: dot_of(region_map({}, language), "BGS04").name for language in ("bg", "en", "tr")}
    assert burgas == {"bg": "Бургас", "en": "Burgas", "tr": "Burgaz"}
    provinces = sorted(province.name for province in region_map({}, "en").provinces)
    assert provinces == ["Burgas", "Sliven", "Stara Zagora", "Yambol"]


def test_an_unknown_town_is_refused() -> None:
    with pytest.raises(ValueError, match="XXX99"):
        region_map({"XXX99": "/nowhere/"})


def test_the_drawing_weighs_at_most_12_kilobytes_and_carries_no_inline_style() -> None:
    html = svg(everyone_open())
    assert len(html.encode()) <= 12 * 1024
    assert "style=" not in html
