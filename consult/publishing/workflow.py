"""What is done with a publication: write, change, publish, schedule, archive, withdraw, share."""

from __future__ import annotations

import logging
from collections.abc import Container, Iterable, Mapping
from datetime import datetime
from hashlib import sha256

from sqlalchemy import delete, select

from consult.announcements import Announcement, announce
from consult.clock import now
from consult.db import db, operation
from consult.errors import Conflict, Refused
from consult.i18n import lazy_gettext as _
from consult.journal import record, who_acts
from consult.publishing.models import Publication, PublicationTranslation, ShownIn, State
from consult.publishing.queries import kinds_here, shown_towns, towns_of
from consult.publishing.versions import keep_version, translated_words
from consult.tenancy import Town, here, inside, touch, will_change
from consult.text import render_markdown, slug

log = logging.getLogger(__name__)

CHANGED_MEANWHILE = _("Somebody else has changed this since you opened it. Both texts are below.")

Translations = Mapping[str, Mapping[str, str]]  # language → title, lead, body

ANNOUNCEMENTS = (
    Announcement("publishing.scheduled", ("publication",), "It will show itself, at this time."),
    Announcement("publishing.published", ("publication",), "People can read it from now on."),
    Announcement("publishing.changed", ("publication",), "It has new words."),
    Announcement(
        "publishing.files_changed",
        ("publication", "title", "role", "is_added"),
        "A file was added to it or taken away.",
    ),
    Announcement("publishing.shared", ("publication", "towns"), "These other towns show it when it is published."),
    Announcement("publishing.withdrawn", ("publication", "reason"), "It was taken back; a tombstone says why."),
)


def write(publication: Publication, translations: Translations | None = None) -> Publication:
    """Adds a new draft of the municipality that we are in and keeps its first version."""
    return _write(publication, translations or {}, _rendered(publication.body, translations))


@operation
def _write(publication: Publication, translations: Translations, html: Mapping[str, str]) -> Publication:
    publication.municipality_id = here().id
    publication.by_id = who_acts()
    _set_words(publication, translations, html)
    db.session.add(publication)
    db.session.flush()
    _show_in(publication, here().id)
    keep_version(publication)
    _note(publication, "publication.written")
    return publication


def change(
    publication: Publication,
    seen_revision: int,
    words: Mapping[str, object],
    translations: Translations | None = None,
) -> None:
    """Gives the publication new words (column → value) and, unless None, exactly these translations.

    Words that say nothing new are no change. Raises Conflict when somebody changed it since ``seen_revision``
    was shown, and Refused when it was withdrawn.
    """
    _change(publication, seen_revision, words, translations, _rendered(str(words.get("body", "")), translations))


@operation
def _change(
    publication: Publication,
    seen_revision: int,
    words: Mapping[str, object],
    translations: Translations | None,
    html: Mapping[str, str],
) -> None:
    _hold(publication)
    if publication.revision != seen_revision:
        raise Conflict(CHANGED_MEANWHILE)
    if publication.state == State.WITHDRAWN:
        raise Refused(_("This was withdrawn. What was said then stays as it is."))
    if _says_the_same(publication, words, translations):
        return
    for column, value in words.items():
        setattr(publication, column, value)
    publication.revision += 1
    publication.changed_at = now()
    _set_words(publication, translations, html if "body" in words else {**html, "bg": publication.body_html})
    _place(publication)
    db.session.flush()
    keep_version(publication)
    _note(publication, "publication.changed")
    announce("publishing.changed", publication=publication)


def standing(publication: Publication) -> str:
    """A mark of where it stands: its state, its time and its towns. It changes with any of them."""
    where = f"{publication.state} {publication.published_at} {towns_of(publication)}"
    return sha256(where.encode()).hexdigest()[:12]


@operation
def require_standing(publication: Publication, seen: str) -> None:
    """Raises Conflict when it no longer stands where it stood when ``seen`` was its mark.

    Else an old tab would put unready words before everybody, or take it from a town where it is read by now.
    """
    _hold(publication)
    if standing(publication) != seen:
        raise Conflict(CHANGED_MEANWHILE)


@operation
def publish(publication: Publication, on: datetime | None = None) -> None:
    """Shows the publication from now on. Does nothing when it is shown already.

    ``on``: the moment in the past when it was published elsewhere, for what is brought over from an older site.
    """
    _hold(publication)
    if publication.state == State.PUBLISHED:
        return
    _require(publication, State.DRAFT, State.SCHEDULED)
    publication.published_at = min(on or now(), now())
    if on is not None:
        publication.changed_at = publication.published_at
    publication.state = State.PUBLISHED
    _place(publication)
    _note(publication, "publication.published")
    announce("publishing.published", publication=publication)


@operation
def schedule(publication: Publication, at: datetime) -> None:
    """Shows the publication from the moment ``at`` on, by itself. Raises Refused for a moment that has passed."""
    _hold(publication)
    _require(publication, State.DRAFT, State.SCHEDULED)
    if at <= now():
        raise Refused(_("This time has passed. Choose a later one, or publish now."), "publish_at")
    publication.published_at = at
    publication.state = State.SCHEDULED
    _place(publication)
    _note(publication, "publication.scheduled", at=at.isoformat())
    announce("publishing.scheduled", publication=publication)


@operation
def archive(publication: Publication) -> None:
    """Takes it out of the lists; its address goes on answering and says that it is old."""
    _hold(publication)
    _require(publication, State.PUBLISHED)
    publication.state, publication.archived_at = State.ARCHIVED, now()
    _place(publication)
    _note(publication, "publication.archived")


@operation
def restore(publication: Publication) -> None:
    """Takes back what can be taken back: archived → published again, scheduled → draft again."""
    _hold(publication)
    _require(publication, State.ARCHIVED, State.SCHEDULED)
    if publication.state == State.SCHEDULED:
        publication.state, publication.published_at = State.DRAFT, None
    else:
        publication.state, publication.archived_at = State.PUBLISHED, None
    _place(publication)
    _note(publication, "publication.restored")


@operation
def withdraw(publication: Publication, reason: str) -> None:
    """Takes back what people have read. A tombstone with date and reason stays at its address for good."""
    _hold(publication)
    _require(publication, State.PUBLISHED, State.ARCHIVED)
    if not reason.strip():
        raise Refused(_("Say why it is withdrawn; people will read this in its place."), "reason")
    publication.state, publication.withdrawn_at = State.WITHDRAWN, now()
    publication.withdrawn_reason = reason
    _place(publication)
    _note(publication, "publication.withdrawn", reason=reason)
    announce("publishing.withdrawn", publication=publication, reason=reason)


@operation
def share(publication: Publication, towns: Iterable[Town], keep: Container[int] = ()) -> None:
    """Shows it in exactly these other towns besides its owner; a town that is left out no longer shows it.

    ``keep``: ids of towns that stay as they are whether or not they are among ``towns``, because nobody was asked
    about them: a town whose site is closed for a while.
    """
    _hold(publication)
    chosen = {town.id: town for town in towns if town.id != here().id}
    rows = db.session.scalars(select(ShownIn).where(ShownIn.publication_id == publication.id)).all()
    others = {row.town_id for row in rows} - {here().id}
    wanted = {*chosen, *(town_id for town_id in others if town_id in keep)}
    if wanted == others:
        return
    touch(*others)
    dropped = others - wanted
    if dropped:
        db.session.execute(
            delete(ShownIn).where(ShownIn.publication_id == publication.id, ShownIn.town_id.in_(dropped))
        )
    for town_id in wanted - others:
        _show_in(publication, town_id)
    _note(publication, "publication.shared", towns=sorted(wanted))
    announce("publishing.shared", publication=publication, towns=tuple(chosen[one] for one in wanted - others))


def publish_due(towns: Iterable[Town]) -> int:
    """The clock's part: what was scheduled and whose time has come is published and announced; answers how many.

    People see it at its time whether or not this runs; only the announcement waits for it.
    """
    published = 0
    for town in towns:
        try:
            with inside(town):
                published += _publish_due_here()
        except Exception:  # the next town's turn comes all the same
            log.exception("what was due in %s was not published", town.code)
    return published


def _publish_due_here() -> int:
    due = select(Publication.id).where(Publication.state == State.SCHEDULED, Publication.published_at <= now())
    due = due.where(Publication.kind.in_(kinds_here()), Publication.municipality_id == here().id)
    published = 0
    for publication_id in db.session.scalars(due).all():
        published += _publish_on_time(publication_id)
        db.session.commit()
    return published


@operation
def _publish_on_time(publication_id: int) -> int:
    publication = db.session.get(Publication, publication_id, with_for_update={"key_share": True})
    if publication is None or publication.state != State.SCHEDULED:
        return 0
    _come_of_age(publication)
    return 1


def _come_of_age(publication: Publication) -> None:
    publication.state = State.PUBLISHED
    _note(publication, "publication.published")
    announce("publishing.published", publication=publication)


def _hold(publication: Publication) -> None:
    """Reads the publication anew and keeps everybody else from changing it until the commit.

    Not from referring to it (FOR NO KEY UPDATE): a plugin's row that points at it is added meanwhile, and who adds it
    may hold what the change of the publication wants next.

    What was scheduled and can be read by now is published, whether or not the clock has come by: else it could
    be made a draft again as if nobody had read it.
    """
    db.session.refresh(publication, with_for_update={"key_share": True})
    if publication.state == State.SCHEDULED and publication.is_open:
        _come_of_age(publication)


def _require(publication: Publication, *states: State) -> None:
    if publication.state not in states:
        raise Conflict(_("This has changed state meanwhile. Look at the page again."))


def _rendered(body: str, translations: Translations | None) -> dict[str, str]:
    """The HTML by language. Made before the operation begins: a long text takes a while, and others wait to write."""
    bodies = {"bg": body, **{language: words["body"] for language, words in (translations or {}).items()}}
    return {language: render_markdown(one) for language, one in bodies.items()}


def _says_the_same(publication: Publication, words: Mapping[str, object], translations: Translations | None) -> bool:
    has_same_words = all(getattr(publication, column) == value for column, value in words.items())
    return has_same_words and (translations is None or {**translations} == translated_words(publication))


def _set_words(publication: Publication, translations: Translations | None, html: Mapping[str, str]) -> None:
    publication.slug = slug(publication.short_title or publication.title)
    publication.body_html = html["bg"]
    if translations is None:
        return
    held = {one.language: one for one in publication.translations}
    for language, words in translations.items():
        one = held.pop(language, None) or PublicationTranslation(language=language)
        one.title, one.lead, one.body = words["title"], words["lead"], words["body"]
        one.body_html = html[language]
        if one not in publication.translations:
            publication.translations.append(one)
    for left_out in held.values():
        publication.translations.remove(left_out)


def touch_shown(publication: Publication) -> None:
    """Says that the pages of every town that shows it change: a counter on them, a file beside it."""
    touch(*shown_towns(publication))


def _show_in(publication: Publication, town_id: int) -> None:
    row = ShownIn(town_id=town_id, publication_id=publication.id)
    _place_row(row, publication)
    db.session.add(row)
    touch(town_id)


def _place(publication: Publication) -> None:
    """Says again to every town that shows it where it stands in its lists."""
    for row in db.session.scalars(select(ShownIn).where(ShownIn.publication_id == publication.id)):
        _place_row(row, publication)
        touch(row.town_id)


def _place_row(row: ShownIn, publication: Publication) -> None:
    row.kind, row.topic = publication.kind, publication.topic
    row.open_at = publication.published_at
    is_listed = publication.state in (State.SCHEDULED, State.PUBLISHED)
    row.listed_at = publication.published_at if is_listed else None
    if publication.state == State.SCHEDULED and publication.published_at is not None:
        will_change(publication.published_at, row.town_id)


def _note(publication: Publication, what: str, **words: object) -> None:
    record(what, publication.kind, publication.id, {"title": publication.title, **words})
    touch(here().id)
