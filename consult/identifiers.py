"""What identifies a person, found in a text before others may read it: numbers with a checksum, phones, addresses."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from flask_babel import lazy_gettext

from consult.errors import Sentence


class IdentifierKind(StrEnum):
    """What kind of thing identifies somebody."""

    EGN = "egn"  # ЕГН, the number of a citizen
    LNCH = "lnch"  # ЛНЧ, the number of a foreigner
    IBAN = "iban"
    PHONE = "phone"
    EMAIL = "email"
    ID_CARD = "id_card"


@dataclass(frozen=True)
class Identifier:
    """One find: its kind, and its place in the text as it was given, from ``start`` up to but not with ``end``."""

    kind: IdentifierKind
    start: int
    end: int


NAMES = {
    IdentifierKind.EGN: lazy_gettext("a personal number (ЕГН)"),
    IdentifierKind.LNCH: lazy_gettext("a foreigner’s number (ЛНЧ)"),
    IdentifierKind.IBAN: lazy_gettext("a bank account (IBAN)"),
    IdentifierKind.PHONE: lazy_gettext("a phone number"),
    IdentifierKind.EMAIL: lazy_gettext("an e-mail address"),
    IdentifierKind.ID_CARD: lazy_gettext("the number of an identity card"),
}
# The texts are Bulgarian, and a masked text is kept and exported, so these words are not of the reader's language.
WRITTEN = {
    IdentifierKind.EGN: "ЕГН",
    IdentifierKind.LNCH: "ЛНЧ",
    IdentifierKind.IBAN: "IBAN",
    IdentifierKind.PHONE: "телефон",
    IdentifierKind.EMAIL: "имейл",
    IdentifierKind.ID_CARD: "лична карта",
}


def say_kind(kind: IdentifierKind) -> Sentence:
    """„ЕГН“, „телефонен номер“: what was found, for a sentence that warns of it, in the reader's language."""
    return NAMES[kind]


def mask(text: str, found: Sequence[Identifier]) -> str:
    """The text with „[скрито: ЕГН]“ and the like in the place of each find; all other characters stay as they are."""
    pieces, place = [], 0
    for one in found:
        pieces += [text[place : one.start], f"[скрито: {WRITTEN[one.kind]}]"]
        place = one.end
    return "".join([*pieces, text[place:]])


def find_identifiers(text: str) -> tuple[Identifier, ...]:
    """All that identifies a person in ``text``, in order, never overlapping. The time grows with the length only.

    Digits of other scripts, blanks, dots and dashes between digits, and invisible signs hide nothing. Names and
    postal addresses are not looked for; nor are lines of institutions (0700, 0800), which belong to nobody.
    """
    signs = _Signs(text)
    if not SUSPECT.search(signs.plain):  # most of what people write holds neither
        return ()
    finds = [find for look in LOOKS for find in look(signs.plain)]
    finds.sort(key=lambda find: (find[1], -find[2]))
    found: list[Identifier] = []
    for kind, start, end in finds:
        first, last = signs.starts[start], signs.starts[end]
        if found and first < found[-1].end:
            found[-1] = Identifier(found[-1].kind, found[-1].start, max(found[-1].end, last))
        else:
            found.append(Identifier(kind, first, last))
    return tuple(found)


SUSPECT = re.compile("[0-9@]")  # without one of these there is nothing to find


# ---- The text as it is searched: one plain sign for each that can be seen

Find = tuple[IdentifierKind, int, int]


class _Signs:
    """``plain``: digits 0–9, blanks and dashes of one kind, without what is invisible; ``starts``: where each stood.

    ``starts`` has one place more, the end of the text; so a find takes the invisible signs behind it along.
    """

    def __init__(self, text: str) -> None:
        signs, self.starts = [], []
        for place, sign in enumerate(text):
            plain = sign if sign.isascii() else _plain(sign)
            if plain:
                signs.append(plain)
                self.starts.append(place)
        self.starts.append(len(text))
        self.plain = "".join(signs)


@lru_cache(maxsize=2048)
def _plain(sign: str) -> str:
    """One ASCII sign for a digit, blank, dash or wide letter; nothing for an invisible sign or a mark."""
    category = unicodedata.category(sign)
    if category in ("Cf", "Mn", "Me"):
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(sign))
    if category == "Zs":
        return " "
    if category == "Pd" or sign == "−":
        return "-"
    folded = unicodedata.normalize("NFKC", sign)
    return folded if len(folded) == 1 and category != "No" else sign  # the ² of a footnote is no digit of a number


# ---- Digits, written together or apart

DIGITS = re.compile(r"[0-9]+(?:[ \t.\-]{1,3}[0-9]+)*")
GROUP = re.compile(r"[0-9]+")
# What looks like digits of a number written apart, and is none: 12.03.2024, 03/2024, and 68850.502.123 of the cadastre.
DATE_OR_PARCEL = re.compile(
    r"(?<![\d.])(?:(?:\d{1,2}[./-])?\d{1,2}[./-](?:19|20)\d\d|\d{5}(?:\.\d{1,4}){2,4})(?!\.?\d)"
)
MONEY = re.compile(r",\d|\s?(?:лв|лева|евро|€|EUR|BGN|%|кв\.|дка)", re.IGNORECASE)
# An entry in a register, a decision, an issue, an act, a company: whatever follows identifies no person.
ENTRY = re.compile(
    r"(?:№|\bNo?\.?|бр\.|чл\.|§|вх\.|изх\.|рег\.|ЕИК|БУЛСТАТ|ISBN|УИН|УНП|код)[\s:№]{0,3}$", re.IGNORECASE
)
CITIZEN_WORD = re.compile(r"(?<!\w)(?:ЕГН|EGN|единен граждански номер)(?!\w)", re.IGNORECASE)
FOREIGNER_WORD = re.compile(r"(?<!\w)(?:ЛНЧ|личен номер)(?!\w)", re.IGNORECASE)
CARD_WORD = re.compile(
    r"(?<!\w)(?:личн\w{1,3}(?: [мст]и)? карт\w{1,2}|л\. ?к\.?|лк"
    r"|документ\w{0,3} за самоличност|паспорт\w{0,3}|id card)(?!\w)",
    re.IGNORECASE,
)
BEFORE, AFTER = 25, 40  # signs before and after a word within which a number is what the word says


def _windows(plain: str, runs: re.Pattern[str], least: int, most: int) -> Iterator[tuple[int, int, str]]:
    """Whole groups of digits that stand side by side and have from ``least`` to ``most`` digits in all."""
    for run in runs.finditer(plain):
        groups = [(group.start(), group.end()) for group in GROUP.finditer(plain, run.start(), run.end())]
        for first in range(len(groups)):
            digits = ""
            for start, end in groups[first : first + most]:
                if len(digits) + end - start > most:
                    break
                digits += plain[start:end]
                if len(digits) >= least:
                    yield groups[first][0], end, digits


def _places_near(words: re.Pattern[str], plain: str) -> set[int]:
    return {place for word in words.finditer(plain) for place in range(word.start() - BEFORE, word.end() + AFTER)}


def _without_dates(plain: str) -> str:
    return DATE_OR_PARCEL.sub(lambda found: "_" * len(found.group()), plain)


def _is_entry(plain: str, start: int) -> bool:
    return bool(ENTRY.search(plain[max(0, start - 12) : start]))


# ---- Numbers of people

EGN_WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6)
LNCH_WEIGHTS = (21, 19, 17, 13, 11, 9, 7, 3, 1)


def _is_egn(digits: str) -> bool:
    """Ten digits with a day of birth and a checksum; a month plus 20 is of the 1800s, plus 40 of the 2000s."""
    century, month = divmod(int(digits[2:4]), 20)
    if century > 2:
        return False
    try:
        date((1900, 1800, 2000)[century] + int(digits[:2]), month, int(digits[4:6]))
    except ValueError:
        return False
    return _weighed(digits, EGN_WEIGHTS) % 11 % 10 == int(digits[9])


def _is_lnch(digits: str) -> bool:
    return len(set(digits)) > 1 and _weighed(digits, LNCH_WEIGHTS) % 10 == int(digits[9])


def _weighed(digits: str, weights: tuple[int, ...]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _find_egn(plain: str) -> Iterator[Find]:
    """Digits written apart must stand alone or near the word: in a table of numbers some would fit by chance."""
    said = _places_near(CITIZEN_WORD, plain)
    for start, end, digits in _windows(_without_dates(plain), DIGITS, 10, 10):
        is_meant = end - start == 10 or start in said or not _has_neighbours(plain, start, end)
        if is_meant and _is_egn(digits) and not MONEY.match(plain, end):
            yield IdentifierKind.EGN, start, end


def _has_neighbours(plain: str, start: int, end: int) -> bool:
    before = re.search(r"[0-9][ \t.\-]{1,3}$", plain[max(0, start - 4) : start])
    return bool(before or re.match(r"[ \t.\-]{1,3}[0-9]", plain[end : end + 4]))


def _find_lnch(plain: str) -> Iterator[Find]:
    """A tenth of all numbers has this checksum: so without the word only ten digits written together are one."""
    said = _places_near(FOREIGNER_WORD, plain)
    for start, end, digits in _windows(_without_dates(plain), DIGITS, 10, 10):
        if not _is_lnch(digits) or MONEY.match(plain, end):
            continue
        if start in said or (digits[0] != "0" and end - start == 10 and _stands_alone(plain, start, end)):
            yield IdentifierKind.LNCH, start, end


def _stands_alone(plain: str, start: int, end: int) -> bool:
    is_glued = plain[max(0, start - 1) : start] in ("-", "/", ".") or re.match(r"[-/.]\d", plain[end : end + 2])
    return not is_glued and not _is_entry(plain, start)


NEW_CARD = re.compile(r"(?<![^\W_])[A-ZА-Я]{2} ?[0-9]{7}(?![0-9])")  # AA1234567, since 2024


def _find_id_card(plain: str) -> Iterator[Find]:
    said = _places_near(CARD_WORD, plain)
    numbers = [(start, end) for start, end, _ in _windows(_without_dates(plain), DIGITS, 9, 9)]
    numbers += [found.span() for found in NEW_CARD.finditer(plain)]
    for start, end in numbers:
        if start in said:
            yield IdentifierKind.ID_CARD, start, end


# ---- Bank accounts: ISO 13616

LENGTHS_BY_COUNTRY = (
    "AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BY28 CH21 CY28 CZ24 DE22 DK18 EE20 ES24 FI18 FO18 FR27 GB22 GE22 "
    "GI23 GL18 GR27 HR21 HU28 IE22 IL23 IS26 IT27 JO30 KW30 KZ20 LB28 LI21 LT20 LU20 LV21 MC27 MD24 ME22 MK19 MT31 "
    "NL18 NO15 PL28 PT25 QA29 RO24 RS22 SA24 SE24 SI19 SK24 SM27 TR26 UA29 VA22 VG24 XK20"
)
IBAN_LENGTHS = {country[:2]: int(country[2:]) for country in LENGTHS_BY_COUNTRY.split()}
LOOKALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")  # typed on a Bulgarian keyboard
IBAN_HEAD = re.compile(r"(?<![^\W_])[A-Za-zАВЕКМНОРСТУХавекмнорстух]{2}[ .\-]?[0-9][ .\-]?[0-9]")
IBAN_GAPS = " .-\t"


def _find_iban(plain: str) -> Iterator[Find]:
    for head in IBAN_HEAD.finditer(plain):
        country = head.group()[:2].upper().translate(LOOKALIKES)
        if end := _iban_end(plain, head.start(), IBAN_LENGTHS.get(country, 0)):
            yield IdentifierKind.IBAN, head.start(), end


def _iban_end(plain: str, start: int, length: int) -> int | None:
    signs = ""
    for place in range(start, min(len(plain), start + 3 * length)):
        sign = plain[place].upper().translate(LOOKALIKES)
        if sign.isascii() and sign.isalnum():
            signs += sign
        elif sign not in IBAN_GAPS:
            return None
        if len(signs) == length:
            is_cut = plain[place + 1 : place + 2].isalnum()
            return place + 1 if not is_cut and _is_iban(signs) else None
    return None


def _is_iban(signs: str) -> bool:
    turned = signs[4:] + signs[:4]
    return int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


# ---- Phones

DIALLED = re.compile(r"[0-9]+(?:[ \t.\-/()]{1,3}[0-9]+)*")
PHONE_WORD = re.compile(
    r"(?<!\w)(?:тел(?:ефон\w{0,4})?|моб(?:ил\w{0,4})?|gsm|джиесем|факс|viber|вайбър|phone|tel)(?: за връзка)?"
    r"[\s:.№+(\-]{1,6}",
    re.IGNORECASE,
)
MOBILE = re.compile(r"(?:\+?359|00359)?0?(?:8[789]|9[89])\d{7}")
LINE = re.compile(r"(?:\+359|00359)0?[2-9]\d{6,8}|0(?:[2-6]\d{7}|7[1-9]\d{6}|9[1-7]\d{6})")
ABROAD = re.compile(r"\+(?!359)[1-9]\d{8,14}|00(?!359)[1-9]\d{7,12}")
AFTER_THE_WORD = re.compile(r"(?!0[78]00)\d{5,10}")


def _find_phones(plain: str) -> Iterator[Find]:
    said = {word.end() for word in PHONE_WORD.finditer(plain)}
    for start, end, digits in _windows(_without_dates(plain), DIALLED, 5, 15):
        has_plus = plain[max(0, start - 1) : start] == "+"
        if not _is_phone("+" * has_plus + digits, start in said) or MONEY.match(plain, end):
            continue
        if start in said or digits.startswith("08") or not _is_entry(plain, start):
            yield IdentifierKind.PHONE, start - has_plus, end


def _is_phone(number: str, is_said: bool) -> bool:
    """Whether the word stands before a number, or it says itself what it is: it begins with 0, 359 or a plus."""
    if is_said and AFTER_THE_WORD.fullmatch(number):
        return True
    if MOBILE.fullmatch(number):
        return number[0] in "+03"
    return bool(LINE.fullmatch(number) or ABROAD.fullmatch(number))


# ---- E-mail

LOCAL_PART = re.compile(r"[\w.+%'\-]{1,64} ?$")
DOMAIN = re.compile(
    r" ?[^\W_][\w\-]{0,62}(?:\.[\w\-]{1,63}){0,6}\.(?:xn--[a-z0-9\-]{2,59}|[^\W\d_]{2,24})", re.IGNORECASE
)


def _find_emails(plain: str) -> Iterator[Find]:
    for sign in re.finditer("@", plain):
        place = sign.start()
        local = LOCAL_PART.search(plain[max(0, place - 65) : place])
        domain = DOMAIN.match(plain, place + 1, place + 255)
        if local and domain:
            yield IdentifierKind.EMAIL, place - len(local.group()), domain.end()


LOOKS: tuple[Callable[[str], Iterator[Find]], ...] = (
    _find_iban,
    _find_emails,
    _find_id_card,
    _find_egn,
    _find_phones,
    _find_lnch,
)
