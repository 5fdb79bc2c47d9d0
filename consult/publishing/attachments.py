"""Files that belong to a publication: shown where it is shown, as long as people may read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, String, UniqueConstraint, select
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.orm import Mapped, mapped_column

from consult.announcements import announce
from consult.clock import now
from consult.db import Base, db, operation
from consult.errors import Conflict, Refused
from consult.files import KeptFile
from consult.i18n import lazy_gettext as _
from consult.journal import record, who_acts
from consult.publishing.models import Publication, Shown, State
from consult.publishing.queries import kinds_here, shown
from consult.publishing.workflow import touch_shown
from consult.tenancy import here
from consult.text import check_line

ALT_MAX = 300  # characters


class Attachment(Shown, Base):
    """A file of a publication. ``key`` names its bytes in the store; ``alt`` is empty where a picture only decorates.

    ``role`` says what it is to the publication: "file", or a word of the plugin whose kind it is ("minutes").
    """

    __tablename__ = "attachment"
    __table_args__ = (
        UniqueConstraint("key"),
        ForeignKeyConstraint(["municipality_id", "publication_id"], ["publication.municipality_id", "publication.id"]),
        Index(None, "publication_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    publication_id: Mapped[int]
    role: Mapped[str] = mapped_column(String(20), default="file")
    title: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(120))
    media_type: Mapped[str] = mapped_column(String(40))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    key: Mapped[str] = mapped_column(String(80))
    alt: Mapped[str] = mapped_column(String(ALT_MAX), default="")
    width: Mapped[int | None]
    height: Mapped[int | None]
    added_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None]

    @property
    def is_picture(self) -> bool:
        """Whether a page can show it, and does not only lead to it."""
        return self.width is not None


@operation
def attach(
    publication: Publication, kept: KeptFile, title: str, alt: str = "", role: str = "file", is_decoration: bool = False
) -> Attachment:
    """Adds a kept file to the publication.

    Raises Refused when it was withdrawn, for a title that is no line of text, and for a picture without words for
    those who do not see it, unless it only decorates.
    """
    _hold(publication)
    title, alt = title.strip(), alt.strip()
    _require_words(kept.width is not None, title, alt, is_decoration)
    added = Attachment(
        publication_id=publication.id,
        role=role,
        title=title,
        name=kept.name,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
        key=kept.key,
        alt="" if is_decoration or kept.width is None else alt,
        width=kept.width,
        height=kept.height,
        by_id=who_acts(),
    )
    db.session.add(added)
    _note(publication, "publication.file_attached", added)
    announce("publishing.files_changed", publication=publication, title=added.title, role=role, is_added=True)
    return added


@operation
def detach(attachment: Attachment) -> None:
    """Takes the file away from its publication. The journal keeps its title and digest; its bytes go with the sweep.

    Raises Refused when the publication was withdrawn, for what was said then stays as it is, and when its kind cannot
    do without this file now; Conflict when somebody else was quicker.
    """
    try:
        db.session.refresh(attachment)
    except InvalidRequestError:
        raise Conflict(_("This has changed state meanwhile. Look at the page again.")) from None
    publication = db.session.get_one(Publication, attachment.publication_id)
    _hold(publication)
    publication.require_detachable(attachment.role, len(attachments_of(publication, attachment.role)) - 1)
    _note(publication, "publication.file_detached", attachment)
    db.session.delete(attachment)
    gone = {"title": attachment.title, "role": attachment.role, "is_added": False}
    announce("publishing.files_changed", publication=publication, **gone)


def attachments_of(publication: Publication, role: str | None = None) -> Sequence[Attachment]:
    """The files of the publication in the order in which they were added: all, or those of one ``role``."""
    found = select(Attachment).where(Attachment.publication_id == publication.id)
    if role is not None:
        found = found.where(Attachment.role == role)
    return db.session.scalars(found.order_by(Attachment.id)).all()


def attachment_here(number: int) -> tuple[Attachment, Publication] | None:
    """The file of this number and its publication, whatever its state, if it is this municipality's own or shown here.

    None where the module that the kind belongs to is off, and for what another municipality has not published yet.
    """
    attachment = db.session.get(Attachment, number)
    if attachment is None:
        return None
    its = select(Publication).where(Publication.id == attachment.publication_id, Publication.kind.in_(kinds_here()))
    publication = db.session.scalar(its)
    if publication is None:
        return None
    is_own = publication.municipality_id == here().id
    return (attachment, publication) if is_own or shown(Publication, publication.id) else None


def _hold(publication: Publication) -> None:
    db.session.refresh(publication, with_for_update={"key_share": True})
    if publication.state == State.WITHDRAWN:
        raise Refused(_("This was withdrawn. What was said then stays as it is."))


def _require_words(is_picture: bool, title: str, alt: str, is_decoration: bool) -> None:
    if not title:
        raise Refused(_("Give it a title."), "title")
    check_line(title, "title")
    check_line(alt, "alt")
    if is_picture and not alt and not is_decoration:
        sentence = _("Say in a sentence what the picture shows, or mark it as a decoration.")
        raise Refused(sentence, "alt")


def _note(publication: Publication, what: str, file: Attachment) -> None:
    words = {"title": file.title, "name": file.name, "sha256": file.sha256}
    record(what, publication.kind, publication.id, words)
    touch_shown(publication)
