"""Builds the application, top to bottom."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import partial
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.routing import BaseConverter, ValidationError

from consult import files, look, outbox, participation, people, publishing, registry, subscriptions
from consult.configuration import configure
from consult.contract import Job
from consult.db import db, init_db, read_number
from consult.i18n import init_i18n
from consult.i18n import lazy_gettext as _
from consult.jobs import Chore
from consult.modules import is_on
from consult.settings import Setting
from consult.tenancy import inside, open_towns
from consult.web import (
    account,
    admin,
    attachments,
    calendars,
    desk,
    failures,
    following,
    home,
    installation,
    journey,
    layout,
    letters,
    link,
    moderation,
    operator,
    profile,
    receipts,
    register,
    reporting,
)
from consult.web.headers import protect
from consult.web.kept import KeptFirst
from consult.web.places import Places

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parent.parent
CORE_PAGES = (
    *(installation.pages, home.pages, calendars.pages, attachments.pages, account.pages, link.pages, profile.pages),
    *(following.pages, receipts.pages, reporting.pages, register.pages, desk.pages, admin.pages, operator.pages),
)
FILES_NAMED_BY = (publishing.Attachment.key, participation.Contribution.file_key)
SETTINGS = (
    Setting(
        name="publishing.accepts_shared",
        title=_("Show what other municipalities share with us"),
        hint=_("When it is off, people see only what this municipality says itself."),
        default=True,
    ),
)


class NumberConverter(BaseConverter):
    """A public number: one spelling each, and never larger than a database holds."""

    regex = "[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        number = read_number(value)
        if number is None:
            raise ValidationError
        return number


class WordConverter(BaseConverter):
    """A short Latin word in an address: a plugin's name, a municipality's code, a category."""

    regex = "[A-Za-z][A-Za-z0-9_-]{0,59}"


def create_app(config: Mapping[str, Any] | None = None) -> Flask:
    """The application. ``config`` goes before the environment (CONSULT_…), that before ``consult.toml``."""
    app = journey.Journey("consult", root_path=str(ROOT / "consult"), static_folder=None)
    configure(app, ROOT, config or {})
    app.url_map.converters |= {"number": NumberConverter, "word": WordConverter}
    loaded = registry.load(_core())
    registry.wire(app, loaded)
    folders = {name: plugin.folder for name, plugin in loaded.plugins.items() if plugin.folder}
    init_db(app, app.config["DATABASE_URL"])
    files.init_files(app)
    init_i18n(app, [ROOT / "translations", *(folder / "translations" for folder in folders.values())])
    layout.init_layout(app)
    account.init_accounts(app)
    failures.init_failures(app)
    journey.init_journey(app)
    for pages in (*CORE_PAGES, *(plugin.pages for plugin in loaded.plugins.values())):
        app.register_blueprint(pages)
    look.lay_out_assets(app, {name: folder / "static" for name, folder in folders.items()})
    app.extensions["consult.chores"] = _chores(loaded)
    app.config["RELEASE"] = _release(folders.values())
    _wrap(app)
    return app


def _core() -> registry.Core:
    return registry.Core(
        navigation=(*desk.NAVIGATION, *moderation.NAVIGATION, *admin.NAVIGATION),
        permissions=(*desk.PERMISSIONS, *admin.PERMISSIONS, *operator.PERMISSIONS, *participation.PERMISSIONS),
        settings=(*SETTINGS, *participation.SETTINGS),
        slots=receipts.SLOTS,
        announces=(*publishing.ANNOUNCEMENTS, *participation.ANNOUNCEMENTS),
        listens=letters.LISTENERS,
    )


def _chores(loaded: registry.Registry) -> tuple[Chore, ...]:
    """What the clock does: the core's own, and each plugin's job in every open town where the plugin is on."""
    own = (
        Chore("publishing.publish_due", lambda: publishing.publish_due(open_towns()), 1),
        Chore("outbox.deliver", outbox.deliver, 1),
        Chore("outbox.forget", outbox.forget, 1440),
        Chore("subscriptions.tell", lambda: subscriptions.write_due_notices(open_towns()), 1),
        Chore("subscriptions.forget", subscriptions.forget_unconfirmed, 1440),
        Chore("people.forget_tokens", people.forget_tokens, 1440),
        Chore("participation.forget_unconfirmed", lambda: participation.forget_unconfirmed(open_towns()), 60),
        Chore("files.sweep", lambda: files.sweep(open_towns(), FILES_NAMED_BY), 1440),
    )
    return (*own, *(_chore(name, job) for name, plugin in loaded.plugins.items() for job in plugin.jobs))


def _chore(plugin: str, job: Job) -> Chore:
    def in_every_town() -> None:
        for town in open_towns():
            try:
                with inside(town):
                    if job.even_when_off or is_on(plugin):
                        job.does()
                        db.session.commit()
            except Exception:  # the next town's turn comes all the same
                log.exception("the job %s failed in %s", job.name, town.code)

    return Chore(job.name, in_every_town, job.minutes)


def _release(folders: Any) -> str:
    """Changes whenever anything that makes pages changes, and is the same on every machine that runs it."""
    digest = sha256(version("consult").encode())
    for folder in (ROOT / "consult", ROOT / "translations", *folders):
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".py", ".html", ".mo", ".css", ".js", ".svg", ".csv"):
                digest.update(path.read_bytes())
    return digest.hexdigest()[:10]


def _wrap(app: Flask) -> None:
    app.wsgi_app = KeptFirst(app, app.wsgi_app)  # type: ignore[method-assign]
    app.wsgi_app = Places(app, app.wsgi_app)  # type: ignore[method-assign]
    protected = partial(protect, is_secure=app.config["SECURE"])
    app.wsgi_app = look.serve_assets(app, app.wsgi_app, protected)  # type: ignore[method-assign, assignment]
    if hops := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=hops)  # type: ignore[method-assign]
