"""Numbers as Bulgarian acts write them: digits, Roman numerals, ordinals in words, letters of the alphabet."""

from __future__ import annotations

import re

from consult.api import latin

# The letters in the order of lists. Some drafters leave й out, some Word lists ъ and ь; see ``follows``.
LETTERS = "абвгдежзийклмнопрстуфхцчшщъьюя"
RARE_LETTERS = "йъь"
LATIN_LETTERS = "abcdefghijklmnopqrstuvwxyz"
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
# Roman numerals are often typed with the Cyrillic letters that look the same.
LOOK_ALIKES = str.maketrans("ІХСЛіхс", "IXCLIXC")
ROMAN = re.compile(r"(?=.)C{0,3}(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
UNITS = ("", "първ", "втор", "трет", "четвърт", "пет", "шест", "седм", "осм", "девет")
COUNTED = ("", "един", "два", "три", "четири", "пет", "шест", "седем", "осем", "девет")


def _ordinals() -> dict[str, int]:
    """The stems of the ordinals from 1 to 99, without their ending of gender: „двадесет и първ“ → 21."""
    stems = {stem: value for value, stem in enumerate(UNITS) if stem}
    stems["десет"] = 10
    for value in range(1, 10):
        teen = {1: "единадесет", 2: "дванадесет"}.get(value, f"{COUNTED[value]}надесет")
        stems[teen] = stems[teen.replace("надесет", "найсет")] = 10 + value
    for tens in range(2, 10):
        for word in {f"{COUNTED[tens]}десет", {2: "двайсет", 3: "трийсет"}.get(tens, f"{COUNTED[tens]}десет")}:
            stems[word] = 10 * tens
            stems |= {f"{word} и {UNITS[value]}": 10 * tens + value for value in range(1, 10)}
    return stems


ORDINALS = _ordinals()
LONGEST_FIRST = sorted(ORDINALS, key=len, reverse=True)
ORDINAL = "(?:" + "|".join(stem.replace(" ", r"\s+") for stem in LONGEST_FIRST) + ")[аиo]"
NUMERAL = rf"(?:{ORDINAL}|[IVXLCІХСЛ]{{1,9}}|[0-9]{{1,4}})"


def value_of(number: str) -> int | None:
    """The whole value of a number as written („първа“, „IV“, „14а“, „2“), or None where it is no number."""
    word = " ".join(number.split())
    if digits := re.match(r"[0-9]{1,9}", word):
        return int(digits[0])
    if ordinal := ORDINALS.get(word.lower()[:-1]):
        return ordinal
    return roman_value(word)


def roman_value(numeral: str) -> int | None:
    """The value of a well-formed Roman numeral from I to CCCXCIX, Cyrillic look-alikes allowed; None for others."""
    signs = numeral.translate(LOOK_ALIKES).upper()
    if not ROMAN.fullmatch(signs):
        return None
    values = [ROMAN_VALUES[sign] for sign in signs]
    return sum(-value if value < after else value for value, after in zip(values, [*values[1:], 0], strict=True))


def key_of(number: str) -> str:
    """A number as a part of an id: small Latin letters, digits and hyphens. „14а“ → 14a, „първа“ → 1, „1.2.“ → 1-2."""
    whole = " ".join(number.lower().split())
    match = re.match(rf"({NUMERAL}\b)", whole, re.IGNORECASE)
    if match and not match[1].isdigit() and (value := value_of(match[1])) is not None:
        whole = f"{value}{whole[match.end() :]}"
    # By law а and ъ both become a, and no two letters of a list may have one id.
    spelled = latin(whole.replace("ъ", "w"))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"(?<=[0-9])[^a-z0-9]+(?=[a-z])", "", spelled)).strip("-")


def letter_back(key: str) -> str:
    """The Cyrillic letters of a key that ``key_of`` made of one or two letters; a key of anything else as it is."""
    digits, letters = re.fullmatch(r"([0-9]*)(.*)", key, re.DOTALL).groups()  # type: ignore[union-attr]
    return digits + BACK.get(letters, letters)


BACK = {key_of(letter): letter for letter in LETTERS} | {key_of(letter * 2): letter * 2 for letter in LETTERS}


def follows(before: str, after: str) -> bool:
    """Whether the number ``after`` may come right after ``before``: 14 → 15, 14 → 14а, 14а → 14б, а → б, и → к."""
    if before.isalpha() and after.isalpha() and len(before) == len(after) == 1:
        return _letter_follows(before.lower(), after.lower())
    first, then = value_of(before), value_of(after)
    if first is None or then is None:
        return True  # what cannot be counted cannot be out of order
    tail, next_tail = _tail(before), _tail(after)
    if then == first and next_tail:
        return next_tail in ("а", "a") if not tail else _letter_follows(tail, next_tail)
    return then == first + 1


def is_first(number: str) -> bool:
    """Whether a list may begin with ``number``: 1, I, първа, а; and what is no number at all."""
    if number.isalpha() and len(number) == 1 and roman_value(number) is None:
        return number.lower() in ("а", "a")
    return value_of(number) in (1, None)


def _tail(number: str) -> str:
    found = re.search(r"[0-9]\s?-?([а-яa-z])$", number.lower())
    return found[1] if found else ""


def _letter_follows(before: str, after: str) -> bool:
    for alphabet in (LETTERS, LATIN_LETTERS):
        if before in alphabet and after in alphabet:
            between = alphabet[alphabet.index(before) + 1 : alphabet.index(after)]
            return alphabet.index(after) > alphabet.index(before) and all(sign in RARE_LETTERS for sign in between)
    return True  # а typed with a Latin a among Cyrillic ones: not worth a remark
