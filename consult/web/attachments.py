"""The address of a file: its bytes for whoever may read the publication that it belongs to."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from flask import Response, abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.http import quote_etag

from consult.db import db
from consult.files import read_kept
from consult.publishing import Publication, attachment_here
from consult.tenancy import here
from consult.text import latin
from consult.web.desk import may_write
from consult.web.pages import Pages

pages = Pages("files", __name__)

# Whatever a file might try, it runs no script and loads nothing, even where a browser shows it as a page.
POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


@pages.get("/fayl/<number:number>/<name>", may="public", is_kept=False)
def file(number: int, name: str) -> ResponseReturnValue:
    """A file. A wrong name leads to the right one; a file of what was withdrawn is gone with it."""
    found = attachment_here(number) or abort(404)
    attachment, publication = found
    if publication.withdrawn_at is not None:
        abort(410)
    if not publication.is_open and not _is_writer(publication):
        abort(404)
    if name != attachment.name:
        return redirect(url_for("files.file", number=number, name=attachment.name), 301)
    one = attachment
    return answer_file(
        one.key, one.name, one.media_type, one.size, one.sha256, publication.is_open, is_picture=one.is_picture
    )


def _is_writer(publication: Publication) -> bool:
    return publication.municipality_id == here().id and may_write(publication.kind)


def answer_file(
    key: str, name: str, media_type: str, size: int, tag: str, is_open: bool, is_picture: bool = False
) -> Response:
    """The bytes that lie under ``key``. Anybody may keep what is open, and must ask each time whether it still is."""
    headers = {
        "Content-Type": media_type,
        "Content-Length": str(size),
        "Content-Disposition": _disposition(name, is_picture),
        "Content-Security-Policy": POLICY,
        "X-Content-Type-Options": "nosniff",
        "ETag": quote_etag(tag),
        "Cache-Control": "public, max-age=0, must-revalidate" if is_open else "private, no-store",
    }
    db.session.rollback()  # no transaction waits for the store, or for a slow reader
    if request.if_none_match.contains_weak(tag):
        kept = {name: headers[name] for name in ("ETag", "Cache-Control", "Content-Security-Policy")}
        return Response(status=304, headers=kept)
    body: Any = () if request.method == "HEAD" else read_kept(key)
    return Response(body, headers=headers, direct_passthrough=True)


def _disposition(name: str, is_picture: bool) -> str:
    """Pictures stand on pages; all else is saved, under its own name (RFC 6266, RFC 8187)."""
    how = "inline" if is_picture else "attachment"
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", latin(name))
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
