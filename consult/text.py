"""What is done to words: Latin letters by law, addresses, Markdown, plain text, and what no text may hold."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

import nh3
from flask_babel import lazy_gettext
from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from markupsafe import escape

from consult.errors import Refused

# ---- Latin letters and addresses

# The Act's table, and ѝ, which the Act forgets.
LETTERS_BY_LAW = (
    "а a, б b, в v, г g, д d, е e, ж zh, з z, и i, й y, к k, л l, м m, н n, о o, п p, р r, с s, т t, у u, ф f, х h, "
    "ц ts, ч ch, ш sh, щ sht, ъ a, ь y, ю yu, я ya, ѝ i"
)
LATIN_LETTERS = dict(pair.split() for pair in LETTERS_BY_LAW.split(", "))
CYRILLIC_WORD = re.compile(f"[{''.join(LATIN_LETTERS)}{''.join(LATIN_LETTERS).upper()}]+")
NAMELESS = "bez-ime"


def latin(text: str) -> str:
    """The text in Latin letters by the Transliteration Act (ДВ бр. 19/2009): „Щерево, България“ → Shterevo, Bulgaria.

    Composes first, because a й that arrives as и and a breve must not become i. Other letters stay as they are.
    """
    return CYRILLIC_WORD.sub(lambda found: _latin_word(found.group()), unicodedata.normalize("NFC", text))


def _latin_word(word: str) -> str:
    small = word.lower()
    parts = [LATIN_LETTERS[letter] for letter in small]
    if small.endswith("ия"):
        parts[-1] = "a"
    if small == "българия":
        parts[1] = "u"
    is_shouted = len(word) > 1 and word.isupper()
    return "".join(_in_case(part, letter, is_shouted) for part, letter in zip(parts, word, strict=True))


def _in_case(part: str, letter: str, is_shouted: bool) -> str:
    if not letter.isupper():
        return part
    return part.upper() if is_shouted else part.capitalize()


def slug(title: str, limit: int = 60) -> str:
    """The tail of an address: a–z, 0–9 and single hyphens, at most ``limit`` long, cut between words, never empty.

    Not reversible and not unique (ъ and а both give a), so an address always carries the number as well.
    """
    decomposed = unicodedata.normalize("NFKD", latin(title).replace("ı", "i"))
    letters = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    words = re.sub(r"[^a-z0-9]+", "-", letters.lower()).strip("-")
    if len(words) > limit:
        whole, hyphen, _ = words[: limit + 1].rpartition("-")
        words = whole if hyphen else words[:limit]
    return words or NAMELESS


# ---- Markdown, for news and help; never for legal text, whose numbering it would change

WORD_TAGS = {"a", "br", "code", "em", "strong"}
BLOCK_TAGS = {"p", "hr", "h2", "h3", "h4", "h5", "h6", "pre", "blockquote", "ul", "ol", "li"}
TABLE_TAGS = {"table", "thead", "tbody", "tr", "th", "td"}
TAGS = WORD_TAGS | BLOCK_TAGS | TABLE_TAGS
ATTRIBUTES = {"a": {"href", "title", "rel"}, "ol": {"start"}}
SCHEMES = {"http", "https", "mailto", "tel"}
OUTSIDE_LINK = re.compile(r"https?:|//", re.IGNORECASE)


def _lower_headings_and_mark_links(state: StateCore) -> None:
    """The page's h1 is the title, so a typed # is an h2; who links outside does not vouch for the place."""
    for token in state.tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1]) + 1, 6)}"
        for child in token.children or ():
            if child.type == "link_open" and OUTSIDE_LINK.match(str(child.attrGet("href"))):
                child.attrSet("rel", "nofollow noopener")


# Four spaces before a line come out of an office program here; they do not make it a line of a computer program.
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table").disable(["image", "code"])
MARKDOWN.core.ruler.push("house_rules", _lower_headings_and_mark_links)


def render_markdown(source: str) -> str:
    """Markdown (CommonMark and tables) as HTML that is safe to show: typed HTML is shown as text, images are links.

    The second pass, by an allow-list, is there for the day on which the first has a hole.
    """
    return nh3.clean(MARKDOWN.render(source), tags=TAGS, attributes=ATTRIBUTES, url_schemes=SCHEMES, link_rel=None)


def plain(source: str) -> str:
    """The words of a Markdown text without its marks, one block a line: for descriptions, feeds and letters."""
    return "\n".join(block for block in map(_words_of, MARKDOWN.parse(source)) if block)


def _words_of(token: Token) -> str:
    if token.type == "inline":
        return "".join(_inline_words(token.children or [])).strip()
    return token.content.strip()


def _inline_words(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        yield " " if token.type in ("softbreak", "hardbreak") else token.content


def cut(text: str, limit: int) -> str:
    """The text in one line of at most ``limit`` characters, cut between words; an ellipsis says that more follows."""
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    whole, space, _ = line[:limit].rpartition(" ")
    kept = whole if space else line[: limit - 1]
    return kept.rstrip(" ,;:–-") + "…"


# ---- What no text may hold: refused with a sentence, never taken out in silence

MARKS_PER_LETTER = 8
LINE_BREAKS = re.compile(r"[\t\n\r\u2028\u2029]")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
DIRECTION_CONTROLS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
# Halves of characters, and code points that are none: UTF-8 or XML, and so a feed, cannot carry them.
ENDS_OF_PLANES = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
NO_CHARACTERS = re.compile(rf"[\ud800-\udfff\ufdd0-\ufdef\ue000-\uf8ff{ENDS_OF_PLANES}]")
# Nine signs in a row that are no Latin, Greek or Cyrillic letter: only there can nine marks stand on one letter, and
# most texts need not be asked sign by sign. The soft hyphen is left out because it hides between marks.
PERHAPS_STACKED = re.compile(rf"[^\x00-\xac\xae-\u02ff\u0370-\u0482\u048a-\u0590]{{{MARKS_PER_LETTER + 1}}}")


def check_line(text: str, field: str | None = None) -> None:
    """Raise `Refused` if a text of one line holds a line break, a tab, or anything that `check_text` refuses."""
    if found := LINE_BREAKS.search(text):
        sentence = lazy_gettext(
            "This has to fit on one line. Please remove the line break or tab near “%(near)s”.",
            near=_near(text, found.start()),
        )
        raise Refused(sentence, field)
    check_text(text, field)


def check_text(text: str, field: str | None = None) -> None:
    """Raise `Refused` if a text holds what could deceive a reader or break a page, a feed or a file.

    Line breaks are expected as \\n alone: the form turns the browser's \\r\\n into it, before this is asked.
    """
    check_words(text, field)
    if found := DIRECTION_CONTROLS.search(text):
        sentence = lazy_gettext(
            "An invisible character near “%(near)s” would turn the text around. Please type that place again.",
            near=_near(text, found.start()),
        )
        raise Refused(sentence, field)
    for place in _stacked_marks(text):
        sentence = lazy_gettext(
            "Too many accents are stacked on one letter near “%(near)s”. Please remove some of them.",
            near=_near(text, place),
        )
        raise Refused(sentence, field)


def check_words(text: str, field: str | None = None) -> None:
    """Raise `Refused` only if a text holds what cannot be kept: controls, halves of characters, and what is none.

    For what residents write, which is kept as they sent it; `render_plain` and `shown_line` make it harmless to read.
    """
    for characters in (CONTROLS, NO_CHARACTERS):
        if found := characters.search(text):
            sentence = lazy_gettext(
                "There is an invisible character near “%(near)s” that we cannot keep. Please type that place again.",
                near=_near(text, found.start()),
            )
            raise Refused(sentence, field)


def _stacked_marks(text: str) -> Iterator[int]:
    """The places of the marks that are too many for their letter; what is invisible between them begins no letter."""
    if not PERHAPS_STACKED.search(text):
        return
    marks = 0
    for place, sign in enumerate(text):
        category = unicodedata.category(sign)
        if category in ("Mn", "Me"):
            marks += 1
            if marks > MARKS_PER_LETTER:
                yield place
        elif category != "Cf":
            marks = 0


def _near(text: str, place: int) -> str:
    """A few words around a place, by which a person finds it, without what cannot be shown."""
    around = text[max(0, place - 20) : place] + text[place + 1 : place + 11]
    shown = (" " if sign.isspace() else sign for sign in around if sign.isprintable() or sign.isspace())
    return " ".join("".join(sign for sign in shown if not unicodedata.combining(sign)).split()) or "…"


# ---- What residents write: kept as they sent it, shown so that it harms nobody

ANY_LINE_BREAK = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028]")
BETWEEN_PARAGRAPHS = re.compile(r"\n\s*\n")


def render_plain(text: str) -> str:
    """A resident's plain text as safe HTML: a blank line parts paragraphs, a line break is a <br>, nothing is a link.

    Everything is escaped, and made harmless as `harmless` says. A text of nothing but blanks gives "".
    """
    paragraphs = BETWEEN_PARAGRAPHS.split(harmless(text).strip())
    return "\n".join(f"<p>{_with_breaks(words)}</p>" for words in paragraphs if words)


def _with_breaks(words: str) -> str:
    return str(escape(words)).replace("\n", "<br>\n")


def shown_line(text: str) -> str:
    """What a resident typed on one line, a name for instance, made harmless: plain words, not yet escaped."""
    return LINE_BREAKS.sub(" ", harmless(text))


def harmless(text: str) -> str:
    """The text without what turns lines around, what no page can carry, and marks beyond the eighth on one letter.

    Line breaks of every kind become \\n, the paragraph separator (U+2029) two. Twice harmless is once harmless.
    """
    shown = ANY_LINE_BREAK.sub("\n", text).replace("\u2029", "\n\n")
    for characters in (CONTROLS, NO_CHARACTERS, DIRECTION_CONTROLS):
        shown = characters.sub("", shown)
    too_many = set(_stacked_marks(shown))
    return "".join(sign for place, sign in enumerate(shown) if place not in too_many) if too_many else shown
