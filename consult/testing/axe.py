"""Whether a page in the browser can be used by everybody: axe, reflow, text spacing, and the way of the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")

# What axe cannot decide by itself, and where it need not: words over the ornament of a home page and over the map,
# both drawn in shades of the theme; the sections of staff's and long pages and wide tables, which scroll sideways on a
# phone; and the bar of actions, which lies over the page there, on a ground of its own.
DECIDED = {
    "bgOverlap": ".hero, .map",
    "elmPartiallyObscured": ".ws-nav, .jump, .table-box",
    "elmPartiallyObscuring": ".actionbar",
}

NARROW = {"width": 320, "height": 640}  # WCAG 2.2, 1.4.10: what 1280 pixels are at 400 %

CLOSEST = "([selector, around]) => !!document.querySelector(selector)?.closest(around)"

# WCAG 2.2, 1.4.12. A constructed sheet, because our own Content-Security-Policy refuses a <style>.
TEXT_SPACING = """() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`p { margin-bottom: 2em !important }
        * { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }`);
    document.adoptedStyleSheets = [sheet];
}"""

WIDER_THAN_THE_PAGE = """() => {
    const width = document.documentElement.clientWidth, wide = document.documentElement.scrollWidth - width;
    if (wide <= 0) return [];
    const holds = (one) => one && (getComputedStyle(one).overflowX !== 'visible' || holds(one.parentElement));
    return [`the page is ${wide} px too wide`, ...[...document.querySelectorAll('body *')]
        .filter((one) => one.getBoundingClientRect().right > width + 1 && !holds(one.parentElement))
        .slice(0, 5).map((one) => one.outerHTML.slice(0, 120))];
}"""

# Words that reach out of a box which hides what reaches out. Words for the ear alone stand in boxes of one pixel.
CUT_OFF = """() => {
    const boxes = [...document.querySelectorAll('body *')].filter((one) => {
        const style = getComputedStyle(one);
        return /hidden|clip/.test(style.overflowX + style.overflowY) && one.clientWidth > 10 && one.clientHeight > 10;
    });
    const faults = [];
    for (const box of boxes) {
        const edge = box.getBoundingClientRect(), range = document.createRange();
        const words = document.createTreeWalker(box, NodeFilter.SHOW_TEXT);
        while (words.nextNode()) {
            if (!words.currentNode.data.trim() || !words.currentNode.parentElement.checkVisibility()) continue;
            range.selectNodeContents(words.currentNode);
            const drawn = range.getBoundingClientRect();
            if (drawn.width > 2 && (drawn.right > edge.right + 1 || drawn.bottom > edge.bottom + 1))
                faults.push('cut off: ' + words.currentNode.data.trim().slice(0, 80));
        }
    }
    return faults;
}"""

FOCUSED = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    if (one.dataset.walked) return { shows: 1, marked: true };  // day, month and year of a date are stops of one field
    one.dataset.walked = 'yes';
    const box = one.getClientRects()[0] || one.getBoundingClientRect();
    const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8], [.5, .04], [.5, .96]]
        .map(([x, y]) => [box.left + box.width * x, box.top + box.height * y]);
    const labels = [...(one.labels || [])];
    const shows = points.filter(([x, y]) => {
        const top = document.elementFromPoint(x, y);
        return top && (one === top || one.contains(top) || labels.some((label) => label.contains(top)));
    }).length;
    const style = getComputedStyle(one);
    const marked = (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none';
    return { shows, marked, what: one.outerHTML.slice(0, 120) };
}"""

NOT_WALKED = """() => [...document.querySelectorAll('a, button, input, select, textarea, summary, [tabindex="0"]')]
    .filter((one) => one.type !== 'hidden' && !one.disabled && one.tabIndex >= 0)
    .filter((one) => one.checkVisibility() && !one.dataset.walked)
    .map((one) => 'the keyboard never came to ' + one.outerHTML.slice(0, 120))"""


def axe_faults(page: Page) -> list[str]:
    """What axe calls a violation of WCAG 2.2 A and AA or of best practice, or cannot decide: one line an element.

    A bar that stays at the foot of the screen half covers whatever lies there now; what it covers by chance is well
    as soon as one scrolls, so a target that seems too small has to seem so at a second place of the page too.
    """
    faults = _axe_faults(page)
    if any(one.startswith("target-size") for one in faults):
        page.evaluate("() => scrollBy(0, 160)")
        still = _axe_faults(page)
        faults = [one for one in faults if not one.startswith("target-size") or one in still]
    return faults


def _axe_faults(page: Page) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    options = {"runOnly": {"type": "tag", "values": list(TAGS)}, "resultTypes": ["violations", "incomplete"]}
    found: dict[str, list[dict[str, Any]]] = Axe().run(page, options=options).response
    faults = [(one, node) for one in found["violations"] for node in one["nodes"]]
    faults += [(one, node) for one in found["incomplete"] for node in one["nodes"] if not _is_decided(page, node)]
    return [f"{one['id']}: {one['help']}: {node['html'][:200]}" for one, node in faults]


def _is_decided(page: Page, node: dict[str, Any]) -> bool:
    reasons = [one["data"].get("messageKey") for one in node["any"] if isinstance(one.get("data"), dict)]
    where = next((DECIDED[one] for one in reasons if one in DECIDED), None)
    return where is not None and bool(page.evaluate(CLOSEST, [node["target"][0], where]))


def reflow_faults(page: Page) -> list[str]:
    """What makes the page scroll sideways at 320 pixels."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    return list(page.evaluate(WIDER_THAN_THE_PAGE))


def spacing_faults(page: Page) -> list[str]:
    """What is lost at 320 pixels when a reader spaces the text out."""
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    page.evaluate(TEXT_SPACING)
    return [*page.evaluate(WIDER_THAN_THE_PAGE), *page.evaluate(CUT_OFF)]


def keyboard_faults(page: Page, at_most: int = 300) -> list[str]:
    """Where a walk by Tab through the whole page loses the focus out of sight, shows no mark of it, or never comes."""
    faults: list[str] = []
    for _ in range(at_most):
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            return [*faults, *page.evaluate(NOT_WALKED)]
        if not focused["shows"]:
            faults.append(f"hidden while focused: {focused['what']}")
        if not focused["marked"]:
            faults.append(f"no mark of the focus: {focused['what']}")
    return [*faults, f"after {at_most} steps the walk has not ended"]
