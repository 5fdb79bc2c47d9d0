"""What is wrong with the HTML of a page, as a strict reader sees it: the parser of browsers, identities, labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element

import html5lib
from html5lib.constants import E as PARSE_ERRORS

POINTING = ("for", "aria-labelledby", "aria-describedby", "aria-controls", "aria-owns", "list", "form")
NEED_NO_LABEL = {"hidden", "submit", "button", "reset", "image"}


def html_faults(html: str) -> list[str]:
    """One sentence a fault: what the HTML standard calls a parse error, ids that are not unique or lead nowhere,
    controls without a label, images without an alternative, and style or script inside the page.
    """
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    page = parser.parse(html)
    elements = [one for one in page.iter() if isinstance(one.tag, str)]  # comments have none
    return [
        *(f"line {position[0]}: {PARSE_ERRORS[code] % data}" for position, code, data in parser.errors),
        *_faults_of_ids(elements),
        *_faults_of_controls(page, elements),
        *_faults_of_words(page, elements),
        *_faults_of_content(elements),
    ]


def _faults_of_ids(elements: Iterable[Element]) -> Iterator[str]:
    ids = Counter(one.get("id") for one in elements if one.get("id") is not None)
    yield from (f"the id {one!r} stands {count} times" for one, count in ids.items() if count > 1)
    for element in elements:
        for attribute in POINTING:
            for one in (element.get(attribute) or "").split():
                if one not in ids:
                    yield f"<{element.tag} {attribute}={one!r}> points to nothing"
        link = element.get("href", "")
        if element.tag == "a" and link.startswith("#") and link[1:] not in ids:
            yield f"the link {link!r} leads nowhere on the page"


def _faults_of_controls(page: Element, elements: Iterable[Element]) -> Iterator[str]:
    labelled = {one.get("for") for one in elements if one.tag == "label"}
    wrapped = {control for label in page.iter("label") for control in label.iter()}
    for one in elements:
        if one.tag not in ("input", "select", "textarea") or one.get("type") in NEED_NO_LABEL:
            continue
        if not (one in wrapped or one.get("id") in labelled or one.get("aria-label") or one.get("aria-labelledby")):
            yield f"<{one.tag} name={one.get('name')!r}> has no label"


def _faults_of_words(page: Element, elements: Iterable[Element]) -> Iterator[str]:
    title = page.find("head/title")
    if title is None or not (title.text or "").strip():
        yield "the page has no title"
    if not page.get("lang"):
        yield "the page does not say its language"
    yield from (
        f"the image {one.get('src')!r} has no alt" for one in elements if one.tag == "img" and one.get("alt") is None
    )


def _faults_of_content(elements: Iterable[Element]) -> Iterator[str]:
    for one in elements:
        yield from (f"<{one.tag} {name}>" for name in one.attrib if name == "style" or str(name).startswith("on"))
        is_data = one.get("type") in ("application/ld+json", "application/json")
        if one.tag == "style" or (one.tag == "script" and one.get("src") is None and not is_data):
            yield f"<{one.tag}> inside the page"
