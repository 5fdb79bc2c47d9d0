"""What every answer says to the browser, so that no other site can use our pages against their reader."""

from __future__ import annotations

from werkzeug.datastructures import Headers

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
        " form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
HSTS = "max-age=63072000; includeSubDomains"  # two years


def protect(headers: Headers, is_secure: bool) -> None:
    """Adds what the answer does not say by itself."""
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    if is_secure:
        headers["Strict-Transport-Security"] = HSTS
