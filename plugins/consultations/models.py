"""What is kept of consultations: the consultation, the versions of its draft by provision, what people say of it."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKeyConstraint, Index, String, Text, UniqueConstraint

from consult.api import (
    Base,
    Contribution,
    Local,
    Mapped,
    Publication,
    Refused,
    Shown,
    contribution_columns,
    db,
    its_contribution,
    its_publication,
    kind_columns,
    language,
    lazy_pgettext,
    mapped_column,
    now,
    pgettext,
    say_date,
    say_moment,
    today,
)
from plugins.consultations.drafts.provisions import EID_MAX

CLOSING_SOON_DAYS = 5
DRAFT = "draft"  # a document that is there as text by article; whoever wants to may attach it signed besides
LABEL_MAX = 300  # characters of how a provision is cited
PROPOSED_MAX = 5000  # characters of the wording that somebody proposes for a passage


class Procedure(Local, Base):
    """A type of procedure as this municipality runs it: its terms, what has to be attached, what follows."""

    __tablename__ = "consultations_procedure"
    __table_args__ = (
        UniqueConstraint("municipality_id", "id"),
        UniqueConstraint("municipality_id", "key"),
        CheckConstraint("days_shortened is null or days_shortened <= days_legal", "terms"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    basis: Mapped[str] = mapped_column(String(300), default="")  # the article that sets the term
    days_legal: Mapped[int] = mapped_column(default=30)
    days_shortened: Mapped[int | None]  # never fewer, even with reasons; None: it cannot be shortened
    is_normative: Mapped[bool] = mapped_column(default=False)  # bound by art. 26 ЗНА, whatever stands here
    documents: Mapped[list[str]] = mapped_column(JSON, default=list)  # keys of ``policy.DOCUMENTS`` that must be there
    follows: Mapped[str] = mapped_column(Text, default="")  # one step a line
    position: Mapped[int] = mapped_column(default=0)
    is_offered: Mapped[bool] = mapped_column(default=True)  # for new consultations


def this_second() -> datetime:
    """Now without its fraction: what comes within the second 23:59:59 of the last day is in time."""
    return now().replace(microsecond=0)


class Outcome(StrEnum):
    """What was decided in the end."""

    NONE = ""
    ADOPTED = "adopted"
    NOT_ADOPTED = "not_adopted"


class Phase(StrEnum):
    """Where a consultation stands, as people see it."""

    UPCOMING = "upcoming"
    OPEN = "open"
    CLOSING = "closing"
    WORKING = "working"
    DECIDING = "deciding"
    CONCLUDED = "concluded"
    WITHDRAWN = "withdrawn"


class Trace(StrEnum):
    """What became of a document while people wrote, as the public trace says it; a line without a word: replaced."""

    REPLACED = ""
    ADDED = "добавен"
    REMOVED = "премахнат"


class Consultation(Publication):
    """A draft on which people are asked. Its topic is one of ``policy.AREAS``, its office the responsible unit.

    The term: ``opens_at`` is the moment at which the draft is published, ``days`` its length, ``last_day`` the last one
    on which people may write, until ``closes_at``. ``counted_from`` is the day from which it is counted: that of
    opening, or that on which a document was replaced, added or removed.
    """

    __tablename__ = "consultations_consultation"
    __table_args__ = (
        its_publication(),
        ForeignKeyConstraint(
            ["municipality_id", "procedure_id"],
            ["consultations_procedure.municipality_id", "consultations_procedure.id"],
        ),
        Index(None, "municipality_id", "closes_at"),
    )
    __mapper_args__ = {"polymorphic_identity": "consultations.consultation"}

    id, municipality_id = kind_columns()
    procedure_id: Mapped[int]
    procedure_name: Mapped[str] = mapped_column(String(120), default="")  # as it was when this was written
    basis: Mapped[str] = mapped_column(String(300), default="")  # the article that sets the term
    act_type: Mapped[str] = mapped_column(String(40), default="")
    changes: Mapped[str] = mapped_column(Text, default="")  # what changes: one point a line, three of them
    affected: Mapped[str] = mapped_column(Text, default="")
    ask: Mapped[str] = mapped_column(Text, default="")
    legal_basis: Mapped[str] = mapped_column(String(600), default="")
    mover: Mapped[str] = mapped_column(String(200), default="")
    contact_role: Mapped[str] = mapped_column(String(200), default="")
    contact_email: Mapped[str] = mapped_column(String(254), default="")
    contact_phone: Mapped[str] = mapped_column(String(40), default="")
    post_address: Mapped[str] = mapped_column(String(300), default="")
    counter: Mapped[str] = mapped_column(String(300), default="")  # where and when one can hand it in
    questions: Mapped[str] = mapped_column(Text, default="")  # one a line
    promise: Mapped[str] = mapped_column(String(600), default="")
    sitting_on: Mapped[date | None]
    sitting: Mapped[str] = mapped_column(String(200), default="")
    answers_due_on: Mapped[date | None]

    days: Mapped[int] = mapped_column(default=30)
    short_reasons: Mapped[str] = mapped_column(Text, default="")
    rule_days: Mapped[int | None]  # the rule of the procedure as it was when the term was set; None: it is not set yet
    rule_shortened: Mapped[int | None]
    rule_normative: Mapped[bool] = mapped_column(default=False)
    opens_on: Mapped[date | None]  # the day wished for; None: when it is published
    opens_at: Mapped[datetime | None]
    counted_from: Mapped[date | None]
    last_day: Mapped[date | None]
    closes_at: Mapped[datetime | None]
    replaced: Mapped[str] = mapped_column(Text, default="")  # the public trace: one changed document a line

    version: Mapped[int] = mapped_column(default=0)  # of the draft that people read now; 0: there is none
    outcome: Mapped[str] = mapped_column(String(12), default=Outcome.NONE)
    outcome_text: Mapped[str] = mapped_column(Text, default="")
    outcome_html: Mapped[str] = mapped_column(Text, default="")
    decided_on: Mapped[date | None]
    reported_at: Mapped[datetime | None]  # when the report on the opinions was published
    unreported_why: Mapped[str] = mapped_column(Text, default="")  # why it was decided without one

    @property
    def phase(self) -> str:
        """Where it stands for people: one of ``Phase``."""
        if self.withdrawn_at is not None:
            return Phase.WITHDRAWN
        if self.outcome != Outcome.NONE:
            return Phase.CONCLUDED
        if self.opens_at is None or self.opens_at > now():
            return Phase.UPCOMING
        if self.closes_at is None or this_second() <= self.closes_at:
            days = (self.last_day - today()).days if self.last_day is not None else CLOSING_SOON_DAYS + 1
            return Phase.CLOSING if days <= CLOSING_SOON_DAYS else Phase.OPEN
        return Phase.DECIDING if self.reported_at is not None else Phase.WORKING

    @property
    def takes_opinions(self) -> bool:
        """Whether people may write now: until the second of the deadline."""
        return self.is_open and self.phase in (Phase.OPEN, Phase.CLOSING)

    @property
    def days_since_closing(self) -> int:
        """The public clock: whole days since the last one on which people could write."""
        return (today() - self.last_day).days if self.last_day is not None else 0

    def particulars(self) -> dict[str, str]:
        """See Publication."""
        return {name: _say(getattr(self, name)) for name in _SAID}

    def require_detachable(self, role: str, others: int) -> None:
        """See Publication: what waits to open, and what is decided, keeps the documents that it stands on."""
        stands_on_it = self.outcome == Outcome.ADOPTED and self.rule_normative and not self.unreported_why
        if not others and role == "report" and stands_on_it:
            sentence = lazy_pgettext(
                "consultations",
                "It was decided, and the law wants the report to be there. Add the new one first, then take this one "
                "away.",
            )
            raise Refused(sentence)
        waits = self.state == "scheduled" or (self.is_open and self.phase == Phase.UPCOMING)
        if others or role == DRAFT or not waits:
            return
        if role in db.session.get_one(Procedure, self.procedure_id).documents:
            sentence = lazy_pgettext(
                "consultations",
                "It opens on %(moment)s and cannot open without this document. Add the new one first, then take this "
                "one away.",
                moment=say_moment(self.opens_at or now()),
            )
            raise Refused(sentence)

    def lines(self, name: str) -> list[str]:
        """The lines of one of ``changes``, ``questions``, ``replaced``, without empty ones."""
        return [line.strip() for line in str(getattr(self, name) or "").splitlines() if line.strip()]


_SAID = (
    *("act_type", "changes", "affected", "ask", "legal_basis", "mover", "contact_role", "contact_email"),
    *("contact_phone", "post_address", "counter", "questions", "promise", "sitting_on", "sitting", "answers_due_on"),
    *("days", "short_reasons", "replaced", "outcome", "outcome_text", "decided_on", "unreported_why"),
)


def _say(value: object) -> str:
    return f"{value:%d.%m.%Y}" if isinstance(value, date) else str(value or "")


class Source(StrEnum):
    """What a version is: the act that is in force, a draft, or the text that was adopted in the end."""

    IN_FORCE = "in_force"
    DRAFT = "draft"
    ADOPTED = "adopted"


class DraftVersion(Shown, Base):
    """One whole text: the act in force is number 0, drafts are numbered from 1, the adopted text comes after them."""

    __tablename__ = "consultations_version"
    __table_args__ = (
        UniqueConstraint("municipality_id", "id"),
        UniqueConstraint("consultation_id", "number"),
        ForeignKeyConstraint(["municipality_id", "consultation_id"], ["publication.municipality_id", "publication.id"]),
    )
    shown_by = "consultation_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    number: Mapped[int]
    source: Mapped[str] = mapped_column(String(10), default=Source.DRAFT)
    title: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(600), default="")
    text: Mapped[str] = mapped_column(Text, default="")  # as it was pasted, or as it was read out of the file
    made_at: Mapped[datetime] = mapped_column(default=now)
    by_id: Mapped[int | None]
    opened_at: Mapped[datetime | None]  # since when people may read it


class Passage(Shown, Base):
    """One article (§, appendix) through all versions of a draft: what opinions belong to, whatever its number becomes.

    ``eid``, ``label``, ``slug``, ``heading`` and ``position`` are those of the newest version in which it stands.
    ``new_in`` is the version that brought it (0: people knew it from the first), ``changed_in`` the one in which its
    words last changed since, ``dropped_in`` the one in which it no longer stands.
    """

    __tablename__ = "consultations_passage"
    __table_args__ = (
        UniqueConstraint("municipality_id", "id"),
        ForeignKeyConstraint(["municipality_id", "consultation_id"], ["publication.municipality_id", "publication.id"]),
        Index(None, "consultation_id", "position"),
    )
    shown_by = "consultation_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    eid: Mapped[str] = mapped_column(String(EID_MAX))
    slug: Mapped[str] = mapped_column(String(80))  # of its address: "chl-14"
    label: Mapped[str] = mapped_column(String(LABEL_MAX))
    heading: Mapped[str] = mapped_column(Text, default="")
    position: Mapped[int] = mapped_column(default=0)
    new_in: Mapped[int] = mapped_column(default=0)
    changed_in: Mapped[int] = mapped_column(default=0)
    moved_from: Mapped[str] = mapped_column(
        String(LABEL_MAX), default=""
    )  # its label in the draft that opened, or in its first
    dropped_in: Mapped[int] = mapped_column(default=0)


class ProvisionRow(Shown, Base):
    """One unit of one version; see ``drafts.provisions.Provision``. ``passage_id`` is that of the unit it stands in."""

    __tablename__ = "consultations_provision"
    __table_args__ = (
        UniqueConstraint("version_id", "position"),
        UniqueConstraint("version_id", "eid"),
        ForeignKeyConstraint(["municipality_id", "consultation_id"], ["publication.municipality_id", "publication.id"]),
        ForeignKeyConstraint(
            ["municipality_id", "version_id"], ["consultations_version.municipality_id", "consultations_version.id"]
        ),
        Index(None, "passage_id", "version_id"),
    )
    shown_by = "consultation_id"

    id: Mapped[int] = mapped_column(primary_key=True)
    consultation_id: Mapped[int]
    version_id: Mapped[int]
    passage_id: Mapped[int | None]
    position: Mapped[int]
    eid: Mapped[str] = mapped_column(String(EID_MAX))
    parent: Mapped[str | None] = mapped_column(String(EID_MAX))
    kind: Mapped[str] = mapped_column(String(12))
    number: Mapped[str] = mapped_column(String(EID_MAX), default="")
    heading: Mapped[str] = mapped_column(Text, default="")
    text: Mapped[str] = mapped_column(Text, default="")
    table: Mapped[list[list[str]] | None] = mapped_column(JSON)


class Stance(StrEnum):
    """What somebody wants to say about a draft."""

    CHANGE = "change"
    FOR = "for"
    AGAINST = "against"
    ASK = "ask"


class Opinion(Contribution):
    """What somebody says of a draft, or of one passage of it. Replies are opinions too, without a stance of their own.

    ``version`` is the draft that its author read, ``eid`` the provision that was chosen and ``label`` its name then.
    ``quote_*`` is a marked phrase (W3C Web Annotation, TextQuoteSelector), ``quote_dropped_in`` the version in which it
    no longer stands (0: it does); ``proposed`` the wording wanted instead.
    """

    __tablename__ = "consultations_opinion"
    __table_args__ = (its_contribution(),)
    __mapper_args__ = {"polymorphic_identity": "consultations.opinion"}

    id, municipality_id = contribution_columns()
    version: Mapped[int] = mapped_column(default=0)
    eid: Mapped[str] = mapped_column(String(EID_MAX), default="")
    label: Mapped[str] = mapped_column(String(LABEL_MAX), default="")
    quote_exact: Mapped[str] = mapped_column(Text, default="")
    quote_prefix: Mapped[str] = mapped_column(Text, default="")
    quote_suffix: Mapped[str] = mapped_column(Text, default="")
    quote_dropped_in: Mapped[int] = mapped_column(default=0)
    proposed: Mapped[str] = mapped_column(Text, default="")

    def particulars(self) -> dict[str, str]:
        """See Contribution; what was quoted is the draft's and no word of the author."""
        return {"proposed": self.proposed or ""}

    def what_next(self) -> list[str]:
        """See Contribution: the answer and by when, then the decision."""
        about = db.session.get_one(Consultation, self.publication_id)
        if about.answers_due_on is not None:
            day = say_date(about.answers_due_on)
            answer = pgettext("consultations", "The municipality answers with reasons by %(day)s", day=day)
        else:
            answer = pgettext("consultations", "The municipality answers with reasons")
        in_words = about.sitting if language() == "bg" else ""  # it is written in Bulgarian, and these are plain words
        when = in_words or (say_date(about.sitting_on) if about.sitting_on is not None else "")
        decided = [pgettext("consultations", "Then it is decided: %(sitting)s", sitting=when)] if when else []
        return [answer, *decided]
