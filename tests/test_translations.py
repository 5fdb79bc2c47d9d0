"""The catalogues: complete in three languages, at one with each other, and in the voice of a calm clerk."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from consult.i18n import LANGUAGES

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = ROOT / "tests" / "outside_plugin" / "notices" / "translations"  # a plugin with catalogues of its own
PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])")
FORMS = 2  # all catalogues merge into one, which has one rule of plurals: n != 1

Key = tuple[str | None, tuple[str, ...]]


@dataclass(frozen=True)
class Word:
    """One entry of a catalogue: what is said in English by the code, and by the language, in each plural form."""

    context: str | None
    english: tuple[str, ...]
    said: tuple[str, ...]

    @property
    def key(self) -> Key:
        """What the entry is found by."""
        return self.context, self.english


# ---- Reading


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def words(catalogue: Catalog) -> list[Word]:
    return [Word(one.context, _forms(one.id), _forms(one.string)) for one in catalogue if one.id]


def _forms(text: object) -> tuple[str, ...]:
    return tuple(str(one) for one in text) if isinstance(text, (tuple, list)) else (str(text),)


def core(language: str) -> Catalog:
    return read(ROOT / "translations" / language / "LC_MESSAGES" / "messages.po")


def folders() -> list[Path]:
    """Every folder of catalogues: the core's, and that of each plugin that has one."""
    return [ROOT / "translations", *sorted(ROOT.glob("plugins/*/translations")), OUTSIDE]


def catalogues() -> list[tuple[str, Path]]:
    """Language and file of every catalogue."""
    return [(path.parts[-3], path) for folder in folders() for path in sorted(folder.glob("*/LC_MESSAGES/*.po"))]


def each_catalogue() -> pytest.MarkDecorator:
    found = catalogues()
    return pytest.mark.parametrize(("language", "path"), found, ids=[str(path.relative_to(ROOT)) for _, path in found])


# ---- Nothing is missing


@pytest.fixture(scope="module")
def extracted(tmp_path_factory: pytest.TempPathFactory) -> set[Key]:
    """What the code and the templates say, collected as `make translations` does it."""
    into = tmp_path_factory.mktemp("words") / "messages.pot"
    keywords = re.findall(r"\s-k (\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    options = [part for keyword in keywords for part in ("-k", keyword)]
    command = [str(Path(sys.executable).with_name("pybabel")), "-q", "extract", "-F", "pyproject.toml"]
    subprocess.run([*command, *options, "-o", str(into), "."], cwd=ROOT, check=True, timeout=120)
    return {one.key for one in words(read(into))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_holds_what_the_code_says_and_nothing_else(language: str, extracted: set[Key]) -> None:
    catalogue = core(language)
    held = {one.key for one in words(catalogue)}
    assert sorted(map(str, extracted - held)) == [], "run `make translations` and translate what is new"
    assert sorted(map(str, held - extracted)) == [], "run `make translations`: nobody says this any more"
    assert not catalogue.obsolete


@each_catalogue()
def test_a_catalogue_is_complete_and_nothing_in_it_is_a_guess(language: str, path: Path) -> None:
    catalogue = read(path)
    assert [one.english for one in words(catalogue) if not all(one.said)] == []
    assert [one.id for one in catalogue if one.id and one.fuzzy] == []
    assert f"Language: {language}\n" in path.read_text(encoding="utf-8").replace("\\n", "\n")


@each_catalogue()
def test_a_catalogue_says_where_nothing_stands_in_the_code(language: str, path: Path) -> None:
    assert "\n#: " not in path.read_text(encoding="utf-8"), "line numbers would change with every commit"


# ---- Placeholders and plurals


def lost_places(word: Word) -> str:
    """What is wrong with the placeholders of an entry, or nothing. A form for one may leave the number out."""
    if len(word.said) != (FORMS if len(word.english) > 1 else 1):
        return f"{word.english}: {len(word.said)} forms"
    for index, said in enumerate(word.said):
        wanted, found = places(word.english[-1]), places(said)
        may_lack = {("num", "d"), ("num", "s")} if index == 0 and len(word.said) > 1 else set()
        if found - wanted or wanted - found - may_lack:
            return f"{said}: {found} instead of {wanted}"
    return ""


def places(text: str) -> set[tuple[str, str]]:
    return set(PLACEHOLDER.findall(text))


@each_catalogue()
def test_every_form_has_the_placeholders_of_the_english_words(language: str, path: Path) -> None:
    assert [found for one in words(read(path)) if (found := lost_places(one))] == []


@pytest.mark.parametrize(
    "said",
    [("%(nmu)d дни",) * 2, ("%(num)s дни",) * 2, ("%(num)d ден", "дни"), ("%(num)d дни",)],
    ids=["misspelt", "of another kind", "lost", "one form"],
)
def test_a_placeholder_that_is_wrong_is_found(said: tuple[str, ...]) -> None:
    english = ("%(num)d day", "%(num)d days")
    assert lost_places(Word(None, english, said))
    assert not lost_places(Word(None, english, ("един ден", "%(num)d дни")))


@each_catalogue()
def test_all_catalogues_count_in_the_same_way(language: str, path: Path) -> None:
    assert read(path).plural_forms in ("nplurals=2; plural=(n != 1);", "nplurals=2; plural=(n > 1);")


# ---- One word for one thing


def disagreements(found: list[tuple[str, list[Word]]]) -> set[tuple[str, Key]]:
    """The entries that two catalogues of one language say differently: the later would silently win."""
    heard: dict[tuple[str, Key], tuple[str, ...]] = {}
    return {
        (language, one.key)
        for language, entries in found
        for one in entries
        if heard.setdefault((language, one.key), one.said) != one.said
    }


def test_no_two_catalogues_disagree() -> None:
    assert disagreements([(language, words(read(path))) for language, path in catalogues()]) == set()


def test_a_disagreement_is_found() -> None:
    ours, theirs = Word(None, ("Save",), ("Запази",)), Word(None, ("Save",), ("Съхрани",))
    assert disagreements([("bg", [ours]), ("bg", [theirs])]) == {("bg", ours.key)}
    assert not disagreements([("bg", [ours]), ("tr", [theirs])])
    assert not disagreements([("bg", [ours]), ("bg", [Word("plugin", ("Save",), ("Съхрани",))])])


# ---- The voice

FORBIDDEN = {
    "bg": {
        "straight quotes": r"[\"']",
        "foreign quotes": r"”|‘|’|(?<![\w.!?…)])“",
        "click": r"клик",
        "officialese": r"следва да|гореизложено|във връзка с|заинтересовани",
        "not our word": r"(?i)плъгин|админ панел|лайк|коментар",
        "breakable abbreviation": r" (?:г|ч)\.(?!\w)|№ ",
        "two full stops": r"%\((?:date|day|moment|time)\)s\.",
        "typewriter": r"\.\.\.| - |--",
        "two blanks": r"  ",
    },
    "en": {"straight quotes": r"[\"']", "click": r"(?i)\bclick", "typewriter": r"\.\.\.| - |--", "two blanks": r"  "},
    "tr": {"straight quotes": r"[\"']", "click": r"(?i)\btıkla", "typewriter": r"\.\.\.| - |--", "two blanks": r"  "},
}


def broken_rules(language: str, text: str) -> list[str]:
    return [rule for rule, pattern in FORBIDDEN[language].items() if re.search(pattern, text)]


@each_catalogue()
def test_every_sentence_keeps_the_voice(language: str, path: Path) -> None:
    said = [text for one in words(read(path)) for text in one.said]
    assert [(text, found) for text in said if (found := broken_rules(language, text))] == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ('Отворете "Новини"', "straight quotes"),
        ("Отворете “Новини”", "foreign quotes"),
        ("Кликнете тук", "click"),
        ("Текстът следва да се провери", "officialese"),
        ("Плъгинът е включен", "not our word"),
        ("през 2008 г. в Бургас", "breakable abbreviation"),
        ("в 17:30 ч.", "breakable abbreviation"),
        ("бул. „Цар Симеон Велики“ № 107", "breakable abbreviation"),
        ("Обновена на %(date)s.", "two full stops"),
        ("Почакайте...", "typewriter"),
    ],
)
def test_a_sentence_out_of_tune_is_heard(text: str, rule: str) -> None:
    assert rule in broken_rules("bg", text.lower() if rule == "click" else text)


def test_a_sentence_in_tune_passes() -> None:
    said = "В 17:30\u00a0ч. на 3 декември 2026\u00a0г. отворете „Новини“ – „№\u00a012“. Остават %(num)d дни…"
    assert broken_rules("bg", said) == []
