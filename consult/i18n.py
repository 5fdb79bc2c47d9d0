"""The languages of the platform, and how days, times, numbers and lists are said in each of them."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_decimal
from flask import Flask, current_app, g
from flask_babel import Babel, get_locale, get_translations, gettext, ngettext
from flask_babel import force_locale as force_locale
from flask_babel import lazy_gettext as lazy_gettext
from flask_babel import lazy_ngettext as lazy_ngettext
from flask_babel import lazy_npgettext as lazy_npgettext
from flask_babel import lazy_pgettext as lazy_pgettext
from flask_babel import npgettext as npgettext
from flask_babel import pgettext as pgettext
from flask_babel.speaklater import LazyString
from markupsafe import Markup, escape

from consult import clock

LANGUAGES = ("bg", "en", "tr")
LANGUAGE_NAMES = {"bg": "Български", "en": "English", "tr": "Türkçe"}
LANGUAGE_LABELS = {"bg": "BG", "en": "EN", "tr": "TR"}


def init_i18n(app: Flask, catalogues: Sequence[Path]) -> None:
    """Give the application its languages. ``catalogues`` are folders of <language>/LC_MESSAGES/messages.mo.

    All of them merge into one domain; where two say the same msgid differently, the later folder is heard.
    """
    LazyString.__html__ = _escaped
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = ";".join(str(folder.resolve()) for folder in catalogues)
    Babel(app, default_locale="bg", default_timezone="Europe/Sofia", locale_selector=_language_of_place)
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        lambda said: _catalogue().ugettext(said),
        lambda one, many, count: _catalogue().ungettext(one, many, count),
        newstyle=True,
        pgettext=lambda context, said: _catalogue().upgettext(context, said),
        npgettext=lambda context, one, many, count: _catalogue().unpgettext(context, one, many, count),
    )


def _catalogue() -> Any:
    """The sentences of the language that is spoken, for templates.

    Flask-Babel's own look for them costs several times the sentence, and a page has two hundred.
    """
    catalogues: dict[str, Any] = current_app.extensions.setdefault("consult.catalogues", {})
    spoken = language()
    if spoken not in catalogues:
        catalogues[spoken] = get_translations()
    return catalogues[spoken]


def _escaped(sentence: LazyString) -> Markup:
    """Flask-Babel says of its lazy sentences that they are HTML; what people typed may stand in them."""
    return escape(str(sentence))


def path_of(language: str) -> str:
    """What stands in an address for ``language``, after the place: "" for Bulgarian, "/en", "/tr"."""
    return "" if language == "bg" else f"/{language}"


def _language_of_place() -> str:
    spoken = getattr(g.get("place"), "language", "bg")
    return spoken if spoken in LANGUAGES else "bg"


def language() -> str:
    """The language of this request, or the one that a letter is being written in (`force_locale`).

    It is settled at the first question, so ``g.place`` has to be there before anything is said.
    """
    locale = get_locale()
    return locale.language if locale else "bg"


# ---- Days and times. Babel knows the names; the patterns are ours, because CLDR's Bulgarian ones put a narrow space
# before „г.“, over which comparisons and PDF fonts stumble.

CLDR_LOCALES = {"bg": Locale("bg"), "en": Locale("en", "GB"), "tr": Locale("tr")}
DAY = {"bg": "d MMMM", "en": "d MMMM", "tr": "d MMMM"}
DAY_OF_YEAR = {"bg": "d MMMM y\u00a0'г.'", "en": "d MMMM y", "tr": "d MMMM y"}
FULL_DAY = {"bg": "EEEE, d MMMM y\u00a0'г.'", "en": "d MMMM y", "tr": "d MMMM y"}
MONTH = {"bg": "LLLL y\u00a0'г.'", "en": "LLLL y", "tr": "LLLL y"}
HOUR = {"bg": "H:mm", "en": "HH:mm", "tr": "HH:mm"}
HOUR_MARK = {"bg": "\u00a0ч.", "en": "", "tr": ""}


def say_date(day: date, full: bool = False, year: bool = False) -> str:
    """„18 декември“; with the year if it is another one or if asked; in full „петък, 18 декември 2026 г.“.

    Of a moment, its day in Sofia.
    """
    day = _day_of(day)
    if full:
        return _say_day(day, FULL_DAY)
    return _say_day(day, DAY_OF_YEAR if year or day.year != clock.today().year else DAY)


def say_time(moment: datetime) -> str:
    """„23:59 ч.“ on the clocks of Sofia."""
    return _say_hour(moment) + HOUR_MARK[language()]


def say_moment(moment: datetime, full: bool = True) -> str:
    """„петък, 18 декември 2026 г., 23:59 ч.“; not in full „18 декември, 23:59 ч.“."""
    return f"{say_date(moment, full=full)}, {say_time(moment)}"


def say_month(first_day: date, short: bool = False) -> str:
    """„декември 2026 г.“, the heading of an archive or a calendar; in short „дек“, above a day of it."""
    if short:
        return format_date(_day_of(first_day), "LLL", locale=CLDR_LOCALES[language()])
    return _say_day(first_day, MONTH)


def say_weekday(day: date, short: bool = False) -> str:
    """„петък“, in short „пт“: the head of a column of a calendar, whose weeks begin on Monday (`clock.weeks_of`)."""
    return format_date(_day_of(day), "ccc" if short else "cccc", locale=CLDR_LOCALES[language()])


def say_range(start: date, end: date) -> str:
    """From one day to another, „1 декември – 4 януари“, or from one moment to another, „3 декември, 17:30 – 19:00 ч.“.

    A year is said once if both are in it, and not at all if that is this year.
    """
    if isinstance(start, datetime) and isinstance(end, datetime):
        return _say_hours(start, end)
    if start == end:
        return say_date(start)
    if start.year != end.year:
        return f"{say_date(start, year=True)} – {say_date(end, year=True)}"
    if start.month == end.month:
        return f"{start.day} – {say_date(end)}"
    return f"{_say_day(start, DAY)} – {say_date(end)}"


def say_relative(moment: datetime) -> str:
    """„днес, 10:05 ч.“, „вчера“, „преди 4 дни“, and beyond the last seven days, or ahead, the date.

    Nothing here changes before the day does: a page is kept for longer than minutes (see ``web.kept``).
    """
    days = (clock.today() - _day_of(moment)).days
    if moment > clock.now() or days > 7:
        return say_date(moment)
    if days == 0:
        return gettext("today, %(time)s", time=say_time(moment))
    if days == 1:
        return gettext("yesterday")
    return ngettext("%(num)d day ago", "%(num)d days ago", days)


def say_days_left(day: date) -> str:
    """What is left until the end of ``day`` in Sofia: „остават 23 дни“, under 48 hours the hours."""
    left = clock.end_of_day(day) - clock.now()
    hours = int(left.total_seconds()) // 3600
    if left < timedelta(0):
        return gettext("the deadline has passed")
    if hours < 1:
        return gettext("less than an hour left")
    if hours < 48:
        return ngettext("%(num)d hour left", "%(num)d hours left", hours)
    return ngettext("%(num)d day left", "%(num)d days left", (day - clock.today()).days)


def _day_of(day: date) -> date:
    return clock.local(day).date() if isinstance(day, datetime) else day


def _say_day(day: date, patterns: dict[str, str]) -> str:
    return format_date(day, patterns[language()], locale=CLDR_LOCALES[language()])


def _say_hour(moment: datetime) -> str:
    return format_time(clock.local(moment).time(), HOUR[language()], locale=CLDR_LOCALES[language()])


def _say_hours(start: datetime, end: datetime) -> str:
    if _day_of(start) == _day_of(end):
        return f"{say_date(start)}, {_say_hour(start)} – {say_time(end)}"
    return f"{say_moment(start, full=False)} – {say_moment(end, full=False)}"


# ---- Numbers, lists and their order

MEGABYTE = 1024 * 1024  # bytes, as computers show them to people


def say_number(number: int | float | Decimal) -> str:
    """„9 400“ and „1,5“ in the way of the language, with a no-break space for thousands in Bulgarian."""
    return format_decimal(number, locale=CLDR_LOCALES[language()])


def say_size(size: int) -> str:
    """„90 KB“, „1,5 MB“: the size of a file, given in bytes, with a no-break space before the unit."""
    if size < MEGABYTE:
        return f"{say_number(max(1, round(size / 1024)))}\u00a0KB"
    return f"{say_number(round(size / MEGABYTE, 1))}\u00a0MB"


def say_list(words: Sequence[str]) -> str:
    """„Бургас, Сливен и Ямбол“."""
    return format_list([str(word) for word in words], locale=CLDR_LOCALES[language()])


ALPHABETS = {
    "bg": "абвгдежзийклмнопрстуфхцчшщъьюя",
    "en": "abcdefghijklmnopqrstuvwxyz",
    "tr": "abcçdefgğhıijklmnoöpqrsştuüvwxyz",
}
TURKISH_CAPITALS = str.maketrans({"I": "ı", "İ": "i"})

CollateKey = tuple[tuple[tuple[int, int], ...], str]


def collate_key(text: str, language: str) -> CollateKey:
    """A key that sorts as the language's dictionaries do: digits, its own alphabet, then other letters.

    Case, quotation marks and stress do not count; ѝ stands by и. Of equals the text itself decides.
    """
    composed = unicodedata.normalize("NFC", text)
    folded = (composed.translate(TURKISH_CAPITALS) if language == "tr" else composed).casefold()
    ranks = (_rank(sign, ALPHABETS[language]) for sign in folded if sign.isalnum() or sign.isspace())
    return tuple(ranks), text


def _rank(sign: str, alphabet: str) -> tuple[int, int]:
    if sign.isspace():
        return 0, 0
    if sign.isdigit():
        return 1, ord(sign)
    base = sign if sign in alphabet or sign == "й" else unicodedata.normalize("NFD", sign)[0]
    return (2, alphabet.index(base)) if base in alphabet else (3, ord(base))
