"""The look: colours that cannot fail, files laid out once, styles without dead classes, weights within the budget."""

import csv
import multiprocessing
import re
import shutil
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
import wtforms
from flask import Flask, get_template_attribute
from flask_babel import Babel
from fontTools.ttLib import TTFont
from werkzeug.test import Client
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from consult.look import MOTIFS, asset, brand_colours, contrast, icon, lay_out_assets, serve_assets, theme_css
from consult.look.assets import STATIC, STYLES, Assets
from consult.look.fonts import ALPHABETS
from consult.look.motifs import HEIGHT, WIDTH, motif_path, motif_url
from consult.look.theme import REGION_HUE

ROOT = STATIC.parent.parent
CORE_TEMPLATES = ROOT / "consult" / "templates"
PLUGINS = {folder.parent.name: folder for folder in sorted(ROOT.glob("plugins/*/static"))}
TEMPLATES = sorted([*CORE_TEMPLATES.rglob("*.html"), *ROOT.glob("plugins/*/templates/**/*.html")])
WHITE, HALO = "#FFFFFF", "#FFD23F"

# Classes that may stand without a template for now, each with its reason.
AWAITED = {
    r"m[tb][1-7]": "a scale is whole or it is not a scale",
    r"band--tint|narrow|nowrap|stack-l|small|h-small|h-mid": "helpers every page may use, named in DESIGN.md",
    r"btn--(danger|light|plain|small|wide)|tag--(info|soon|late|open)": "variants of one component, chosen by word",
    r"steps|dot|is-(done|now|next)": "the way of a publication; consultations and receipts take it too",
    r"files|facts": "attachments and facts of a publication",
    r"receipt|receipt__in|receipt__code": "every public action ends on a receipt",
    r"todo|todo__ico|todo__ico--(late|soon|info)": "what is due today on the staff's first page",
    r"ws-grid|make|tabs|tbl|num|switch|pair": "the staff's pages",
    r"hero|now|two|news|card|towns|lead|sec-head": "home pages",
    r"rows|panel|cols|prose|page-head|form|measure|choices--row": "pages of one thing, lists and forms",
}


def app_with_assets(root: Path, plugins: dict[str, Path] = PLUGINS) -> Flask:
    app = Flask("looked_at", template_folder=str(CORE_TEMPLATES))
    app.config["ASSETS"] = root
    lay_out_assets(app, plugins)
    return app


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of assets that two processes laid out at the same time."""
    root = tmp_path_factory.mktemp("assets")
    start = multiprocessing.get_context("spawn")
    both = [start.Process(target=app_with_assets, args=(root,)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(timeout=120)
    assert [process.exitcode for process in both] == [0, 0]
    return root


@pytest.fixture(scope="module")
def app(root: Path) -> Flask:
    app = app_with_assets(root)
    app.jinja_env.globals.update(asset=asset, icon=icon)
    Babel(app, default_locale="en")
    return app


@pytest.fixture
def in_page(app: Flask) -> Iterator[Assets]:
    with app.test_request_context("/"):
        yield app.extensions["consult.assets"]


def style() -> str:
    files = [STATIC / "css" / f"{name}.css" for name in STYLES]
    return "\n".join(path.read_text() for path in [*files, *ROOT.glob("plugins/*/static/css/*.css")])


def rules() -> str:
    return re.sub(r"/\*.*?\*/", "", style(), flags=re.DOTALL)


# Colours


def test_no_hue_can_spoil_the_contrast() -> None:
    for hue in range(0, 360, 5):
        brand = brand_colours(hue)
        assert contrast(brand.b700, WHITE) >= 7.0, hue
        assert contrast(brand.b700, brand.b100) >= 5.75, hue
        assert contrast(brand.b900, brand.b100) >= 9.65, hue
        assert contrast(WHITE, brand.b900) >= 11.75, hue
        assert contrast("#5F6862", brand.b50) >= 5.15, hue
        assert contrast(HALO, brand.b900) >= 8.0, hue


def test_contrast_is_the_ratio_of_wcag() -> None:
    assert contrast("#000000", WHITE) == pytest.approx(21)
    assert contrast("#767676", WHITE) == pytest.approx(4.54, abs=0.005)
    assert contrast(WHITE, "#767676") == contrast("#767676", WHITE)


def test_until_the_theme_arrives_the_page_wears_the_colours_of_the_region() -> None:
    region = brand_colours(REGION_HUE)
    for depth in ("900", "700", "100", "50"):
        assert f"--brand-{depth}:{getattr(region, f'b{depth}')};" in style()
    assert f"--brand-900:{region.b900};" in theme_css(None)


def test_every_municipality_of_the_region_has_a_motif_that_exists() -> None:
    with (ROOT / "consult/data/municipalities.csv").open(encoding="utf-8", newline="") as file:
        named = {row["motif"] for row in csv.DictReader(line for line in file if not line.startswith("#"))}
    assert named
    assert named <= MOTIFS.keys()


@pytest.mark.parametrize("key", MOTIFS)
def test_a_motif_is_one_path_with_a_square_for_every_stitch(key: str) -> None:
    rows = MOTIFS[key].split()
    assert [len(row) for row in rows] == [WIDTH] * HEIGHT
    drawn = set()
    for x, y, length in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", motif_path(key)):
        drawn |= {(int(x) + step, int(y)) for step in range(int(length))}
    assert drawn == {(x, y) for y, row in enumerate(rows) for x, stitch in enumerate(row) if stitch == "#"}
    assert not set(motif_url(key)) & set('"<>#\n')


# Files


def test_two_processes_leave_one_manifest_and_no_drafts(root: Path) -> None:
    assert len(list(root.glob("*.json"))) == 1
    assert not list(root.glob(".*"))


def test_files_are_laid_out_once_and_found_again_in_a_moment(root: Path, app: Flask) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    took = []
    for _ in range(5):
        began = time.perf_counter()
        app_with_assets(root)
        took.append(time.perf_counter() - began)
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before
    assert min(took) < 0.05


def test_every_address_is_a_file_and_every_text_is_compressed(root: Path, in_page: Assets) -> None:
    assert asset("css/site.css").startswith("/static/css/site.")
    for address in in_page.addresses.values():
        path = root / "files" / address.removeprefix("/static/")
        assert path.is_file()
        if path.suffix in {".css", ".svg", ".txt"}:
            assert Path(f"{path}.br").is_file()
            assert Path(f"{path}.gz").is_file()


def test_every_url_in_the_stylesheet_is_an_address_of_ours(root: Path, in_page: Assets) -> None:
    laid_out = (root / "files" / asset("css/site.css").removeprefix("/static/")).read_text()
    urls = re.findall(r'url\("?([^")]+)', laid_out)
    assert len(urls) >= 6
    assert set(urls) <= set(in_page.addresses.values())


def test_the_styles_of_a_plugin_come_last_and_their_images_are_found(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root, tmp_path / "assets")
    folder = tmp_path / "static"
    (folder / "css").mkdir(parents=True)
    (folder / "css" / "toys.css").write_text('.toy{background:url("../toy.svg")}')
    (folder / "toy.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')
    app = app_with_assets(tmp_path / "assets", {"toys": folder})
    addresses = app.extensions["consult.assets"].addresses
    laid_out = (tmp_path / "assets/files" / addresses["css/site.css"].removeprefix("/static/")).read_text()
    assert laid_out.endswith(f'.toy{{background:url("{addresses["toys/toy.svg"]}")}}\n')


def test_files_are_served_for_ever_compressed_and_to_this_site_only(app: Flask, in_page: Assets) -> None:
    client = Client(serve_assets(app, app.wsgi_app))
    answer = client.get(
        asset("css/site.css"), headers={"Accept-Encoding": "gzip, br", "Origin": "https://other.example"}
    )
    assert answer.status_code == 200
    assert answer.headers["Content-Encoding"] == "br"
    assert "immutable" in answer.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert client.get("/static/no-such-thing.css").status_code == 404


# Fonts


def test_the_fonts_hold_every_letter_that_we_write_and_the_reserved_name_is_gone(root: Path, in_page: Assets) -> None:
    needed = {"cyrillic": "абвгдежзийклмнопрстуфхцчшщъьюяАЯѝЍ№", "latin": "azAZ09„“’–…€", "turkish": "ğĞışŞİçÇöÖüÜ"}
    assert needed.keys() == ALPHABETS.keys()
    for role, family in (("sans", "Sofia Sans"), ("serif", "Consult Serif")):
        assert "OPEN FONT LICENSE" in (root / "files" / asset(f"fonts/{role}-licence.txt")[8:]).read_text().upper()
        for alphabet, letters in needed.items():
            font = TTFont(root / "files" / asset(f"fonts/{role}-{alphabet}.woff2")[8:])
            assert set(map(ord, letters)) <= font.getBestCmap().keys()
            assert [(axis.minValue, axis.maxValue) for axis in font["fvar"].axes] == [(400, 700)]
            assert {font["name"].getDebugName(name) for name in (1, 4)} <= {family, f"{family} Regular"}
            assert f'font-family:"{family}"' in (root / "files" / asset("css/site.css")[8:]).read_text()


def test_a_first_visit_stays_within_the_weight_budget(root: Path, in_page: Assets) -> None:
    sizes = {path.relative_to(root / "files").as_posix(): path.stat().st_size for path in root.rglob("files/**/*.*")}
    assert sizes[asset("css/site.css")[8:] + ".gz"] <= 16 * 1024
    pairs = [(role, alphabet) for role in ("sans", "serif") for alphabet in ("cyrillic", "latin")]
    assert sum(sizes[asset(f"fonts/{role}-{alphabet}.woff2")[8:]] for role, alphabet in pairs) <= 80 * 1024


# Styles


class Classes(HTMLParser):
    """Collects what stands in class attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.update(word for name, value in attrs if name == "class" for word in (value or "").split())


def classes_of(template: str) -> tuple[set[str], set[str]]:
    """The classes in attributes, and the words in quotes that templates make classes of ("tag--" is a beginning)."""
    bare = re.sub(r"\{#.*?#\}", "", template, flags=re.DOTALL)
    code = re.findall(r"\{[{%].*?[%}]\}", bare, flags=re.DOTALL)
    quoted = {word for part in code for words in re.findall(r"'([^']*)'", part) for word in words.split()}
    # A word glued to an expression is a beginning, an expression alone says nothing.
    plain = re.sub(r"\{%.*?%\}", " ", re.sub(r"\{\{.*?\}\}", "", bare, flags=re.DOTALL), flags=re.DOTALL)
    return Classes(plain).found, quoted


def styled() -> set[str]:
    selectors = re.sub(r"\{[^{}]*\}", "{}", rules())
    return set(re.findall(r"\.([a-z][\w-]*)", re.sub(r"@media[^{]*", "", selectors)))


def test_every_class_of_a_template_has_a_style() -> None:
    known = styled()
    for path in TEMPLATES:
        for name in classes_of(path.read_text())[0]:
            has_style = name in known or (name.endswith("-") and any(other.startswith(name) for other in known))
            assert has_style, f"{path.relative_to(ROOT)}: class {name} has no style"


def test_no_style_is_for_nothing() -> None:
    used: set[str] = {"icon"}  # made in Python, by look.icon
    for path in TEMPLATES:
        used = used.union(*classes_of(path.read_text()))
    beginnings = tuple(word for word in used if word.endswith("--"))
    dead = {name for name in styled() - used if not name.startswith(beginnings or ("-",))}
    assert not {name for name in dead if not any(re.fullmatch(names, name) for names in AWAITED)}


def test_every_token_is_defined_and_used() -> None:
    used = set(re.findall(r"var\((--[\w-]+)\)", rules()))
    defined = set(re.findall(r"[{;\s](--[\w-]+):", rules() + theme_css(None)))
    assert used == defined


def test_an_old_phone_understands_the_styles() -> None:
    for too_new in ("@layer", ":has(", "@container", "oklch(", "color-mix(", "@scope", ":is(", ":where(", "&"):
        assert too_new not in rules()


def test_every_icon_of_a_template_is_in_the_sprite() -> None:
    sprite = {symbol.get("id") for symbol in ElementTree.parse(STATIC / "icons.svg").getroot()}  # noqa: S314 - our own
    for path in TEMPLATES:
        for name in re.findall(r"icon\('(\w+)'\)", path.read_text()):
            assert f"i-{name}" in sprite, f"{path.relative_to(ROOT)}: no icon {name}"


def test_no_template_has_a_style_or_a_script_inside() -> None:
    """Data for search engines (application/ld+json) is no script: nothing runs it."""
    for path in TEMPLATES:
        assert not re.search(r"\sstyle=|<style|<script(?![^>]*(\ssrc=|ld\+json))|\son\w+=", path.read_text()), path.name


# Macros


class Letter(wtforms.Form):
    title = wtforms.StringField("Title", [InputRequired("Write a title.")], description="Up to 120 characters.")
    body = wtforms.TextAreaField("Text")
    way = wtforms.RadioField(
        "Way", [InputRequired("Choose one.")], choices=[SelectChoice("now", "Now"), SelectChoice("later", "Later")]
    )


def test_a_field_in_error_says_so_in_words_and_to_assistive_technology(in_page: Assets) -> None:
    form = Letter()
    form.validate()
    shown = get_template_attribute("macros/forms.html", "field")(form.title, lang="bg")
    assert 'aria-invalid="true"' in shown
    assert 'aria-describedby="title-hint title-error"' in shown
    assert '<span class="vh">Error: </span>Write a title.' in shown
    assert 'lang="bg"' in shown
    assert "(optional)" not in shown


def test_an_optional_field_says_so_and_is_quiet_otherwise(in_page: Assets) -> None:
    shown = get_template_attribute("macros/forms.html", "field")(Letter().body)
    assert "(optional)" in shown
    assert "aria-" not in shown


def test_the_summary_of_errors_leads_to_what_can_be_mended(in_page: Assets) -> None:
    form = Letter()
    summary = get_template_attribute("macros/forms.html", "error_summary")
    assert summary(form).strip() == ""
    form.validate()
    assert 'href="#title"' in summary(form)
    assert 'href="#way-0"' in summary(form)


def test_the_last_page_offers_no_next_one(in_page: Assets) -> None:
    pagination = get_template_attribute("macros/lists.html", "pagination")
    assert "Next 6" in pagination("Pages", 61, 80, 86, next_url="/next")
    last = pagination("Pages", 81, 86, 86, start_url="/")
    assert "Next" not in last
    assert "81 – 86 of 86" in last
    assert pagination("Pages", 1, 5, 5).strip() == ""
