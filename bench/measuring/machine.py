"""What a figure was measured on: the database and its version, Python, and how many cores there are."""

from __future__ import annotations

import os
import platform

from flask import Flask
from sqlalchemy import text

from consult.db import db


def machine_of(app: Flask) -> str:
    """„version 3.40.1, Python 3.11.7, 2 cores“, for the head of a table."""
    with app.app_context(), db.engine.connect() as connection:
        what = "select sqlite_version()" if connection.dialect.name == "sqlite" else "show server_version"
        version = connection.scalar(text(what))
    return f"version {version}, Python {platform.python_version()}, {os.cpu_count()} cores"
