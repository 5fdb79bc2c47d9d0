"""The settings of an installation: where they are looked for, how each is read, and what stops the start."""

from __future__ import annotations

import json
import os
import re
import secrets
import tomllib
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from flask import Flask

from consult.errors import ContractError
from consult.files import bucket_of
from consult.outbox import transport_of

SECRET_MIN = 32  # characters
PLACE = re.compile("region|[A-Z]{3}[0-9]{2}")  # an obshtina code is that of the district and two digits
TRUTHS = dict.fromkeys(("true", "1", "yes", "on"), True) | dict.fromkeys(("false", "0", "no", "off"), False)
DEFAULTS: Mapping[str, Any] = {
    "DATABASE_URL": None,
    "DATABASE_OWNER_URL": None,
    "SECRET_KEY": None,
    "PLACE": "region",
    "REGION_HOSTS": ["localhost", "127.0.0.1"],
    "ORIGIN": "http://127.0.0.1:8000",
    "SECURE": False,
    "MAIL": "file:",
    "FILES": "file:",
    "SECURITY_CONTACT": "security@uchastvay.example",
    "RATELIMIT_STORAGE_URI": "memory://",
    "TRUSTED_PROXIES": 0,
    "ASSETS": None,
    "TESTING": False,
}


def configure(app: Flask, root: Path, given: Mapping[str, Any]) -> None:
    """Reads ``given``, else the environment (CONSULT_…), else ``consult.toml``. Raises ContractError.

    The folder of the installation, INSTANCE, is ``instance`` in ``root`` where nobody says otherwise.
    """
    instance = Path(given.get("INSTANCE") or os.environ.get("CONSULT_INSTANCE") or root / "instance").resolve()
    instance.mkdir(parents=True, exist_ok=True)
    app.config.update(DEFAULTS)
    app.config.update(_written(instance / "consult.toml"))
    app.config.from_prefixed_env("CONSULT", loads=_list_or_text)
    app.config.update(given)
    for name, understood in READERS.items():
        try:
            app.config[name] = understood(app.config[name])
        except ValueError as error:
            raise broken(name, str(error)) from None
    database = app.config["DATABASE_URL"] or f"sqlite:///{instance / 'consult.db'}"
    app.config.update(
        INSTANCE=str(instance),
        DATABASE_URL=database,
        DATABASE_OWNER_URL=app.config["DATABASE_OWNER_URL"] or database,
        SECRET_KEY=_checked(app.config["SECRET_KEY"] or _secret_key(instance), app.config["TESTING"]),
    )
    _guard_requests(app, app.config["SECURE"])


def broken(name: str, must: str) -> ContractError:
    """What is wrong with the setting ``name``, ready to be raised; ``must`` says what it has to be."""
    where = f"CONSULT_{name} in the environment, or {name.lower()} in consult.toml"
    return ContractError(f"the setting {name} {must}", where, "its value is something else", "write it so; see docs")


def read_origin(value: Any) -> str:
    """The address that people type, http(s)://host[:port], without the slash at its end. Raises ValueError."""
    must = "is an address such as https://uchastvay.example, without a path"
    typed = _text(value).removesuffix("/")
    try:
        parts = urlsplit(typed)
        port = parts.port
    except ValueError:
        raise ValueError(must) from None
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    plain = f"{parts.scheme}://{host}" + ("" if port is None else f":{port}")
    if parts.scheme not in ("http", "https") or not re.fullmatch(r"[\w.\-:\[\]]+", host) or plain != typed.lower():
        raise ValueError(must)
    return plain


def read_place(value: Any) -> str:
    """ "region", or an obshtina code. Whether a municipality has it only the database knows. Raises ValueError."""
    if not PLACE.fullmatch(_text(value)):
        raise ValueError('is "region" or the code of a municipality, such as SZR31')
    return str(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("is a text, in quotation marks")
    return value.strip()


def _text_or_nothing(value: Any) -> str | None:
    return None if value is None else _text(value)


def _truth(value: Any) -> bool:
    truth = TRUTHS.get(str(value).strip().lower())
    if truth is None:
        raise ValueError(f"is one of {', '.join(TRUTHS)}")
    return truth


def _count(value: Any) -> int:
    typed = str(value).strip()
    if not re.fullmatch("[0-9]{1,2}", typed):
        raise ValueError("is a number such as 0 or 1")
    return int(typed)


def _hosts(value: Any) -> list[str]:
    listed = value.split(",") if isinstance(value, str) else value
    if not isinstance(listed, list | tuple) or not all(isinstance(host, str) for host in listed):
        raise ValueError('is a list of host names, such as ["uchastvay.example"], or a text with commas between them')
    hosts = [host.strip().lower() for host in listed if host.strip()]
    if not hosts:
        raise ValueError("names no host, so that no address would lead here")
    return hosts


def _mail(value: Any) -> str:
    transport_of(_text(value))
    return _text(value)


def _files(value: Any) -> str:
    bucket_of(_text(value))
    return _text(value)


READERS: Mapping[str, Callable[[Any], Any]] = {
    "DATABASE_URL": _text_or_nothing,
    "DATABASE_OWNER_URL": _text_or_nothing,
    "SECRET_KEY": _text_or_nothing,
    "PLACE": read_place,
    "REGION_HOSTS": _hosts,
    "ORIGIN": read_origin,
    "SECURE": _truth,
    "MAIL": _mail,
    "FILES": _files,
    "SECURITY_CONTACT": _text,
    "RATELIMIT_STORAGE_URI": _text,
    "TRUSTED_PROXIES": _count,
    "ASSETS": _text_or_nothing,
    "TESTING": _truth,
}


def _written(toml: Path) -> dict[str, Any]:
    if not toml.exists():
        return {}
    try:
        return {name.upper(): value for name, value in tomllib.loads(toml.read_text("utf-8")).items()}
    except ValueError as error:
        raise ContractError(f"consult.toml cannot be read: {error}", str(toml), "it is no TOML", "mend it") from None


def _list_or_text(value: str) -> Any:
    """A list is written as JSON; all else stays the text that it is, so that a secret of digits is no number."""
    return json.loads(value) if value.lstrip().startswith("[") else value


def _checked(key: str, is_testing: bool) -> str:
    if len(key) < SECRET_MIN and not is_testing:
        raise ContractError(
            f"the secret key has {len(key)} characters",
            "CONSULT_SECRET_KEY in the environment, secret_key in consult.toml, or the file secret_key",
            f"with fewer than {SECRET_MIN} it could be guessed, and who knows it signs in as anybody",
            "take one that `consult secret` prints",
        )
    return key


def _secret_key(instance: Path) -> str:
    """The installation's secret, made at the first start and readable by its owner only.

    Written aside and then linked into its place: of two processes that start at once both read a whole key.
    """
    path, aside = instance / "secret_key", instance / f"secret_key.{secrets.token_hex(4)}"
    if not path.exists():
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        with suppress(FileExistsError):
            os.link(aside, path)
        aside.unlink()
    return path.read_text("ascii")


def _guard_requests(app: Flask, is_secure: bool) -> None:
    app.config.update(
        SESSION_COOKIE_NAME="__Host-consult" if is_secure else "consult",
        SESSION_COOKIE_SECURE=is_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PREFERRED_URL_SCHEME="https" if is_secure else "http",
        MAX_CONTENT_LENGTH=1024 * 1024,
        MAX_FORM_MEMORY_SIZE=1024 * 1024,
        MAX_FORM_PARTS=200,
    )
