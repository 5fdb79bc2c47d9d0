"""Reads a draft as typed or pasted: what stands where, article by article, and what was not understood.

No word is ever lost: what opens nothing belongs to what is open.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from consult.api import check_text, lazy_pgettext
from plugins.consultations.drafts.lines import (
    BULLET,
    HEADING_MAX,
    Opened,
    divide_note,
    divide_paragraphs,
    open_line,
    say_rows,
    table_at,
)
from plugins.consultations.drafts.numerals import follows
from plugins.consultations.drafts.provisions import CHARACTERS_MAX, UNITS, Kind, Provision, too_long
from plugins.consultations.drafts.tree import NEAR, OUTER, Node, Remark, Tree

ARTICLE_HEADING_MAX = 200
QUOTED_LINES_MAX = 300  # a quote that does not end by then lost its end
FINISHED = '.;:!?“”"|'  # how a line ends that does not go on below
INSIDE = re.compile(rf"{BULLET.pattern}|[„«]")
QUOTE_MARKS = re.compile(r"[„«“”»\"]")
INVISIBLE = dict.fromkeys(map(ord, "\ufeff\u200b\u00ad\u2060"))  # of no meaning in a text, and they hide numbers


@dataclass(frozen=True)
class ReadDraft:
    """A draft as read: its provisions in reading order, and the remarks in the order of the lines.

    ``lines`` are the numbers of the lines (from 1) on which the provisions begin.
    """

    provisions: tuple[Provision, ...]
    remarks: tuple[Remark, ...]
    lines: tuple[int, ...] = ()


def read_draft(text: str) -> ReadDraft:
    """The provisions of a draft that was typed, pasted or taken out of a DOCX (``docx.docx_text``).

    Raises Refused for more than CHARACTERS_MAX characters or PROVISIONS_MAX provisions, and for characters that no
    text may hold. Takes time in proportion to the length of the text.
    """
    if len(text) > CHARACTERS_MAX:
        raise too_long()
    lines = [line.strip() for line in text.translate(INVISIBLE).splitlines()]
    check_text("\n".join(lines))
    reader = _Reader(lines)
    reader.read()
    remarks = tuple(sorted(reader.tree.remarks, key=lambda remark: remark.line))
    return ReadDraft(reader.tree.freeze(), remarks, tuple(node.line for node in reader.tree.nodes))


class _Reader:
    """Goes over the lines once and hangs each into the tree."""

    def __init__(self, lines: list[str]) -> None:
        self.numbers = [number for number, line in enumerate(lines, 1) if line]  # blank lines only part
        self.lines = [line for line in lines if line]
        self.openings: list[Opened | None] = [open_line(line) for line in self.lines]
        self.ends_of_quotes = ends_of_quotes(self.lines)
        self.tree = Tree()
        self.place = 0
        self.written: Node | None = None  # where the last words went
        self.heading_above = ""

    def read(self) -> None:
        """Read all."""
        while self.place < len(self.lines):
            start = self.place
            rows, end = table_at(self.lines, start)
            if rows:
                self.add_table(say_rows(rows), rows)
                self.place = end
                continue
            opened = self.openings[start]
            if opened and self.is_at_home(opened):
                self.open(opened)
            else:
                self.add_words(self.lines[start])
            self.place += 1
            self.keep_quote(start)
        self.look_back()

    # ---- numbered provisions

    def is_at_home(self, opened: Opened) -> bool:
        """Whether the line may open this here. Numbers outside of any unit are those of a list in the preamble."""
        if opened.kind in (Kind.PARAGRAPH, Kind.POINT, Kind.LETTER):
            return self.tree.unit is not None
        appendix = self.tree.appendix
        if opened.kind is Kind.TITLE and self.waits_for_heading():
            return False  # „Глава шеста“ and under it „Заключителни разпоредби“
        if appendix and not appendix.counts.get(Kind.ARTICLE) and self.goes_on(opened):
            self.tree.leave_appendix()
        return True

    def goes_on(self, opened: Opened) -> bool:
        """Whether, inside an appendix without articles of its own, the act itself goes on."""
        last = self.tree.last_of(opened.kind)
        if opened.kind in (Kind.ARTICLE, Kind.CLAUSE) and last:
            return follows(last.number, opened.number)
        return opened.kind in (Kind.CLAUSE, Kind.TITLE)

    def open(self, opened: Opened) -> None:
        """Hang in what the line opens, and what stands behind it on the same line."""
        if opened.kind is Kind.PARAGRAPH:
            self.add_paragraphs(opened)
            return
        node = self.add(opened.kind, opened.number)
        if opened.kind is Kind.ARTICLE:
            node.heading, self.heading_above = self.heading_above, ""
        if opened.kind in (Kind.ARTICLE, Kind.CLAUSE):
            self.add_words_of_unit(node, opened.rest)
        elif opened.kind in OUTER or opened.kind is Kind.APPENDIX:
            node.heading = opened.rest
        else:
            node.text = opened.rest

    def add(self, kind: Kind, number: str) -> Node:
        """A new numbered provision; a heading that waited for an article and got none is words."""
        if kind is not Kind.ARTICLE:
            self.drop_heading()
        self.written = self.tree.add(kind, number, self.numbers[self.place], self.lines[self.place])
        return self.written

    def add_paragraphs(self, opened: Opened) -> None:
        """The алинея of this line, or all of them where the line holds several."""
        for number, words in divide_paragraphs(opened.number, opened.rest):
            self.add(Kind.PARAGRAPH, number).text = words

    def add_words_of_unit(self, node: Node, words: str) -> None:
        """What stands right behind „Чл. 14.“ or „§ 2.“, or on the next line: a note, an алинея, a heading or words."""
        note, words = divide_note(words)
        node.text = f"{node.text} {note}".strip()
        opened = open_line(words) if words.startswith("(") else None
        if opened and opened.kind is Kind.PARAGRAPH:
            self.add_paragraphs(opened)
        elif words and node.kind is Kind.ARTICLE and self.is_heading(words):
            node.heading = " – ".join(filter(None, (node.heading, words)))
        else:
            node.text = f"{node.text} {words}".strip()

    def is_heading(self, words: str) -> bool:
        """Whether the words behind „Чл. 14.“ name the article or are its text.

        A heading stands before an алинея 1 („Чл. 14. Засаждане“ and under it „(1) …“), where a text would have no
        number; or it ends without a stop while the words under it begin a sentence. Everything else is text: to take
        a heading for a text costs a bold line, to take a text for a heading hides a rule.
        """
        after = self.openings[self.place + 1] if self.place + 1 < len(self.lines) else None
        if after and after.kind is Kind.PARAGRAPH:
            return after.number == "1" and len(words) <= ARTICLE_HEADING_MAX
        if after or self.place + 1 == len(self.lines) or self.lines[self.place + 1][0] in "|–-•":
            return False
        return self.is_like_heading(words) and not self.lines[self.place + 1][0].islower()

    def is_like_heading(self, words: str) -> bool:
        """Whether the words begin like a name and end without a stop."""
        return len(words) <= ARTICLE_HEADING_MAX and words[0].isupper() and words[-1] not in ".,;:!?|"

    # ---- words without a number

    def add_words(self, words: str) -> None:
        """A line that opens nothing: a heading, the rest of a broken line, or words of what is open."""
        top = self.tree.top
        if top and self.waits_for_heading():
            top.heading = " – ".join(filter(None, (top.heading, words)))
        elif self.is_more_of_heading(words):
            self.written.heading += f" {words}"  # type: ignore[union-attr]
        elif self.is_above_article(words):
            self.drop_heading()
            self.heading_above = words
        elif self.is_broken_line(words):
            self.written.grow(f" {words}")  # type: ignore[union-attr]
        elif top and top.kind in UNITS and top.is_wordless and top.kind is not Kind.APPENDIX:
            self.add_words_of_unit(top, words)
        elif top and top.kind in (Kind.PARAGRAPH, Kind.POINT, Kind.LETTER) and top.is_wordless:
            top.text = words
            self.written = top
        else:
            self.add_text(words)

    def waits_for_heading(self) -> bool:
        """Whether the innermost provision is a chapter without a name, or an appendix that says only to what it is."""
        top, words = self.tree.top, self.lines[self.place]
        if not top or top.counts or len(words) > HEADING_MAX:
            return False
        if top.kind in OUTER:
            return not top.heading
        is_unnamed = not top.heading or (top.heading.startswith("към ") and " – " not in top.heading)
        return top.kind is Kind.APPENDIX and is_unnamed and words[-1] not in ".;:" and not BULLET.match(words)

    def is_more_of_heading(self, words: str) -> bool:
        """Whether it is the second line of a chapter's name in capitals."""
        top = self.tree.top
        is_right_behind = top is not None and top is self.written and top.kind in OUTER and not top.counts
        return bool(is_right_behind and top and top.heading.isupper() and words.isupper() and len(words) <= HEADING_MAX)

    def is_above_article(self, words: str) -> bool:
        """Whether it is the name of the article that begins on the next line, as in the codes."""
        after = self.openings[self.place + 1] if self.place + 1 < len(self.lines) else None
        if not after or after.kind is not Kind.ARTICLE or not self.is_like_heading(words):
            return False
        return not (words.isupper() and not self.tree.path)  # „ЗА ЗЕЛЕНАТА СИСТЕМА“ before чл. 1 is the act's name

    def is_broken_line(self, words: str) -> bool:
        """Whether the last line goes on here: it did not end, and no sentence begins."""
        node = self.written
        if node is None or not words[0].islower() or self.numbers[self.place] != self.numbers[self.place - 1] + 1:
            return False
        return bool(node.last_sign and node.table is None and node.last_sign not in FINISHED)

    def add_text(self, words: str) -> None:
        """Words that belong to their parent: a bullet, a quote and what follows a colon to the innermost provision,
        others to the алинея or the unit, whose last words they are."""
        top = self.tree.top
        is_inside = bool(INSIDE.match(words)) or (top is not None and top.last_sign == ":")
        holder = top if is_inside else self.tree.holder()
        if holder and holder.kind in OUTER and not self.tree.unit and not holder.counts.get(Kind.TEXT):
            self.say_outside()
        self.add_inside(holder, Kind.TEXT).text = words

    def add_table(self, words: str, rows: tuple[tuple[str, ...], ...]) -> None:
        """A table, in the innermost provision."""
        node = self.add_inside(self.tree.top, Kind.TABLE)
        node.text, node.table = words, rows

    def add_inside(self, holder: Node | None, kind: Kind) -> Node:
        self.drop_heading()
        number = self.numbers[self.place]
        self.written = self.tree.add_inside(holder, kind, number, self.lines[self.place])
        return self.written

    def drop_heading(self) -> None:
        """What looked like a heading above an article is words, because no article came."""
        if words := self.heading_above:
            self.heading_above = ""
            self.tree.add_inside(self.tree.holder(), Kind.TEXT, self.numbers[self.place] - 1, words).text = words

    def keep_quote(self, start: int) -> None:
        """In a § the lines of a quote are the new wording of another act: they open nothing, and stay lines."""
        end = start
        while (further := self.ends_of_quotes.get(end, end)) > end:
            end = further
        is_amending = any(node.kind is Kind.CLAUSE for node in self.tree.path)
        if end <= start or not is_amending or self.written is None or self.written.table is not None:
            return
        self.written.grow("".join(f"\n{line}" for line in self.lines[start + 1 : end + 1]))
        self.place = end + 1

    # ---- remarks

    def say_outside(self) -> None:
        line = self.lines[self.place]
        sentence = lazy_pgettext("consultations", "These words stand outside of any article.")
        self.tree.remarks.append(Remark(self.numbers[self.place], line[:NEAR], sentence))

    def look_back(self) -> None:
        """What can be said only at the end."""
        self.place = len(self.lines) - 1
        self.drop_heading()
        for node in self.tree.nodes:
            if node.kind not in (Kind.TEXT, Kind.TABLE, *OUTER) and node.is_wordless:
                self.tree.say(node, lazy_pgettext("consultations", "There is a number here, but no words."))
        for before, node in pairwise(self.tree.nodes):
            # „Чл. 5. Words“ and under it „(2)“: the first алинея has lost its number.
            is_first = node.kind is Kind.PARAGRAPH and node.parent is before and node.number != "1"
            if is_first and before.text:
                self.tree.say(before, lazy_pgettext("consultations", "The first paragraph here has no number."))
        if self.lines and not any(node.kind in UNITS for node in self.tree.nodes):
            sentence = lazy_pgettext("consultations", "No article was found. The text will be shown as it is, in one.")
            self.tree.remarks.append(Remark(self.numbers[0], self.lines[0][:NEAR], sentence))


def ends_of_quotes(lines: list[str]) -> dict[int, int]:
    """By the place of each line whose quote goes on below: the place of the line where it ends.

    „…“ and «…» and "…" are known; an end without a beginning, and a beginning without an end, are passed over.
    """
    ends: dict[int, int] = {}
    opened: list[tuple[int, str]] = []
    for place, line in enumerate(lines):
        for mark in QUOTE_MARKS.findall(line):
            is_end = mark in "“”»" or (mark == '"' and opened and opened[-1][1] == '"')
            if not is_end:
                opened.append((place, mark))
            elif opened:
                begun, _ = opened.pop()
                if begun < place <= begun + QUOTED_LINES_MAX:
                    ends[begun] = place
    return ends
