"""The full address of any page, as letters and feeds carry it: from the configured hosts, never from the request's."""

from __future__ import annotations

from typing import Any

from flask import current_app

from consult.i18n import path_of
from consult.tenancy import Town


def address_of(town: Town | None, language: str, endpoint: str, **values: Any) -> str:
    """The full address of a page, from the configured hosts and never from the request's (``town`` None: region)."""
    if town is not None and town.host:
        start = f"{current_app.config['PREFERRED_URL_SCHEME']}://{town.host}"
    else:
        in_region = town is not None and current_app.config["PLACE"] == "region"
        start = current_app.config["ORIGIN"] + (f"/{town.slug}" if in_region and town else "")
    path = current_app.url_map.bind("unused").build(endpoint, values)
    return start + path_of(language) + path
