"""The texts of the demonstration: acts that read without a remark, opinions that stand where they say they do."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple

import pytest

from consult.api import find_identifiers
from plugins.consultations.demo_content import BUDGET, CONSULTATIONS, GREEN_AREAS, MARKETS, STRAY_ANIMALS
from plugins.consultations.demo_content.values import Said, Told
from plugins.consultations.drafts.provisions import Kind, Table, is_unit
from plugins.consultations.drafts.reading import read_draft

WEIGHTS_OF_EGN = (2, 4, 8, 5, 10, 9, 7, 3, 6)
ACTS = [
    pytest.param(text, id=f"{told.town}-{place}")
    for told in CONSULTATIONS
    for place, text in enumerate(
        (
            *(version.text for version in told.versions),
            *filter(None, (told.act_in_force, told.outcome and told.outcome.adopted_text)),
        )
    )
]
EVERY_OPINION = [pytest.param(told, said, id=said.key) for told in CONSULTATIONS for said in told.opinions]


def words_by_unit(text: str) -> dict[str, str]:
    """All words of each provision of a draft, those inside it too, by its id."""
    provisions = read_draft(text).provisions
    return {
        outer.eid: "\n".join(one.text for one in provisions if f"{one.eid}__".startswith(f"{outer.eid}__"))
        for outer in provisions
    }


def tables_of(text: str) -> Iterator[Table]:
    """The tables of a draft, in order."""
    return (one.table for one in read_draft(text).provisions if one.table)


def money(cell: str) -> int:
    """The whole number in a cell such as „–1 200 000“."""
    return int(re.sub(r"\s", "", cell).replace("–", "-"))


def numbers_of(text: str, kind: Kind) -> list[str]:
    """The numbers of the units of one kind, in order."""
    return [one.number for one in read_draft(text).provisions if one.kind is kind and is_unit(one)]


def counting_up(numbers: list[str]) -> list[str]:
    """As many numbers as there are, from 1 on."""
    return [str(number) for number in range(1, len(numbers) + 1)]


@pytest.mark.parametrize("text", ACTS)
def test_every_act_reads_without_a_remark_and_its_numbers_run_from_one(text: str) -> None:
    assert read_draft(text).remarks == ()
    for kind in (Kind.ARTICLE, Kind.CLAUSE):
        numbers = numbers_of(text, kind)
        assert numbers == counting_up(numbers)


@pytest.mark.parametrize("text", ACTS)
def test_an_act_refers_only_to_articles_it_has(text: str) -> None:
    last = len(numbers_of(text, Kind.ARTICLE))
    own_words = re.sub(r"чл\.\s\d+, ал\.\s\d+(?:, т\.\s\d+)? от Закона", "", text)
    assert all(int(number) <= last for number in re.findall(r"чл\.\s(\d+)", own_words))


def test_both_drafts_of_the_ordinance_have_five_chapters_forty_two_articles_and_a_table() -> None:
    for version in GREEN_AREAS.versions:
        kinds = Counter(one.kind for one in read_draft(version.text).provisions)
        assert kinds[Kind.ARTICLE] >= 42
        assert (kinds[Kind.CHAPTER], kinds[Kind.TITLE], kinds[Kind.APPENDIX], kinds[Kind.TABLE]) == (5, 2, 1, 1)
    assert len(numbers_of(GREEN_AREAS.act_in_force, Kind.ARTICLE)) >= 30
    assert len(numbers_of(MARKETS.versions[0].text, Kind.ARTICLE)) >= 12
    assert len(numbers_of(STRAY_ANIMALS.versions[0].text, Kind.ARTICLE)) >= 10


def test_the_second_draft_changes_adds_drops_and_moves_articles() -> None:
    before, after = (
        {one.heading: one.parent for one in read_draft(version.text).provisions if one.kind is Kind.ARTICLE}
        for version in GREEN_AREAS.versions
    )
    assert set(after) - set(before) == {"Премахване на много дървета"}
    assert set(before) - set(after) == {"Обществени наблюдатели"}
    assert [heading for heading in before if after.get(heading, before[heading]) != before[heading]] == [
        "Зелени площи между блоковете"
    ]
    texts = [words_by_unit(version.text)["art_13"] for version in GREEN_AREAS.versions]
    assert texts[0] != texts[1]


@pytest.mark.parametrize(("told", "said"), EVERY_OPINION)
def test_an_opinion_stands_at_a_provision_of_the_version_of_its_day(told: Told, said: Said) -> None:
    newest = max(place for place, version in enumerate(told.versions, 1) if version.day <= said.day)
    assert said.version == newest
    if said.article is not None:
        assert said.quote in words_by_unit(told.versions[said.version - 1].text)[said.article]
    else:
        assert (said.quote, said.proposed) == ("", "")
    assert 10 <= len(said.text) <= 5000


@pytest.mark.parametrize(("told", "said"), EVERY_OPINION)
def test_an_opinion_and_its_replies_come_in_their_order_and_within_the_term(told: Told, said: Said) -> None:
    last_day = min(told.term, -told.opens_in - 1)
    days = [said.day, *(reply.day for reply in said.replies)]
    assert days == sorted(days)
    assert days[-1] <= last_day
    assert all(mask in said.text for mask in said.masks)
    assert bool(said.masks) == (said.fate == "masked")
    assert bool(said.fate_reason) == (said.fate in ("hidden", "masked", "withdrawn"))
    assert bool(said.verdict) == bool(said.answer)


def test_keys_are_unique_and_every_voice_and_state_is_heard() -> None:
    for told in CONSULTATIONS:
        assert len({said.key for said in told.opinions}) == len(told.opinions)
        assert len({said.text for said in told.opinions}) == len(told.opinions)
    opinions = GREEN_AREAS.opinions
    assert len(opinions) >= 70
    assert sum(len(said.replies) for said in opinions) >= 35
    assert {said.stance for said in opinions} == {"change", "for", "against", "ask"}
    assert {said.consent for said in opinions} == {"full", "nameless", "none"}
    assert Counter(said.fate for said in opinions if said.fate) == dict.fromkeys(
        ("withdrawn", "hidden", "masked", "held"), 1
    )
    assert all(said.verdict for said in MARKETS.opinions)


def test_the_tables_of_money_sum_up() -> None:
    for told in (BUDGET, STRAY_ANIMALS):
        for table in tables_of(told.versions[0].text):
            *rows, total = ([money(cell) for cell in row[1:]] for row in table[1:])
            assert [sum(column) for column in zip(*rows, strict=True)] == total
    for table in list(tables_of(BUDGET.versions[0].text))[:2]:
        assert all(money(now) - money(before) == money(more) for _, before, now, more in table[1:])
    income, spending, _ = tables_of(BUDGET.versions[0].text)
    assert income[-1][1:] == spending[-1][1:]


def test_only_the_opinion_that_waits_for_a_moderator_says_what_the_detector_finds() -> None:
    found = {
        said.key: said.fate
        for told in CONSULTATIONS
        for said in told.opinions
        if find_identifiers("\n".join((said.name, said.town, said.text, said.proposed, *map(str, said.replies))))
    }
    assert list(found.values()) == ["held"]


def test_nowhere_stands_a_valid_personal_number() -> None:
    everything = repr([astuple(told) for told in CONSULTATIONS])
    for digits in re.findall(r"(?<!\d)\d{10}(?!\d)", everything):
        weighed = sum(int(digit) * weight for digit, weight in zip(digits, WEIGHTS_OF_EGN, strict=False))
        assert weighed % 11 % 10 != int(digits[9])
