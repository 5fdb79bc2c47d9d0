"""What the installation itself answers: is it healthy, whom to tell of a hole, what colours a place has."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app
from sqlalchemy import literal, select

from consult.clock import now
from consult.db import read, reading_engine
from consult.look import theme_css
from consult.web.pages import Pages
from consult.web.places import place

pages = Pages("installation", __name__)


@pages.get("/healthz", may="public", place="installation", is_kept=False)
def healthz() -> Response:
    """Whether the application and its database answer."""
    read(reading_engine(), lambda connection: connection.scalar(select(literal(1))))
    return Response("ok\n", content_type="text/plain; charset=utf-8")


@pages.get("/.well-known/security.txt", may="public", place="installation", is_kept=False)
def security_txt() -> Response:
    """Where to report a hole (RFC 9116)."""
    expires = (now() + timedelta(days=180)).replace(hour=0, minute=0, second=0, microsecond=0)
    lines = (
        f"Contact: mailto:{current_app.config['SECURITY_CONTACT']}",
        f"Expires: {expires.isoformat().replace('+00:00', 'Z')}",
        "Preferred-Languages: bg, en",
        f"Canonical: {current_app.config['ORIGIN']}/.well-known/security.txt",
    )
    return Response("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@pages.get("/robots.txt", may="public", place="installation", is_kept=False)
def robots() -> Response:
    """Search engines may read everything but the workspace."""
    return Response("User-agent: *\nDisallow: /*/rabota\nDisallow: /rabota\n", content_type="text/plain; charset=utf-8")


@pages.get("/theme.css", may="public", place="anywhere", is_kept=False)
def theme() -> Response:
    """The four colours and the motif of this place; its address carries a digest, so it may be kept for a year."""
    answer = Response(theme_css(place().town), content_type="text/css; charset=utf-8")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer
