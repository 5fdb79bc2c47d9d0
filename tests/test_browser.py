"""The ground that journeys stand on: a real server, a real browser, and pages that complain are noticed."""

from __future__ import annotations

import pytest

from consult.testing.browser import opened_page


def test_the_home_page_is_served_to_a_real_browser(page):
    answer = page.goto("/")
    assert answer is not None
    assert answer.status == 200
    assert page.locator("h1").count() == 1


def test_scripts_can_be_off(scripts_off_page):
    scripts_off_page.set_content(
        "<noscript>no scripts</noscript><script>document.body.textContent = 'scripts'</script>"
    )
    assert scripts_off_page.inner_text("body") == "no scripts"


def test_a_script_that_fails_fails_the_test(browser, live_server):
    with pytest.raises(AssertionError, match="no such thing"), opened_page(browser, live_server) as page:
        page.goto("/healthz")
        page.evaluate("setTimeout(() => { throw new Error('no such thing') })")
        page.wait_for_timeout(50)


def test_what_the_content_security_policy_refuses_fails_the_test(browser, live_server):
    with pytest.raises(AssertionError, match="Content Security Policy"), opened_page(browser, live_server) as page:
        page.goto("/")
        page.evaluate(
            "document.body.setAttribute('style', 'color: red'); document.body.innerHTML += '<p style=\"top:0\">'"
        )
        page.wait_for_timeout(50)
