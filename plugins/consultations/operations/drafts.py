"""Texts of a draft: a new version is kept, its provisions find the passages that people have spoken of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, inspect, select

from consult.api import Refused, db, lazy_pgettext, now, operation, record, slug, touch_shown
from plugins.consultations.drafts.matching import Change, Matching, match
from plugins.consultations.drafts.provisions import Kind, Provision, is_unit, say_label, unit_of
from plugins.consultations.models import LABEL_MAX, Consultation, DraftVersion, Passage, Phase, ProvisionRow, Source
from plugins.consultations.operations.quotes import look_for_quotes
from plugins.consultations.operations.terms import extend_term, set_term
from plugins.consultations.queries import provisions_of, version_of

MARKS = {Kind.ARTICLE: "chl", Kind.CLAUSE: "par", Kind.APPENDIX: "pril"}


@operation
def keep_draft(
    consultation: Consultation,
    provisions: Sequence[Provision],
    text: str,
    source: Source = Source.DRAFT,
    title: str = "",
    note: str = "",
    matching: Matching | None = None,
) -> DraftVersion:
    """Keeps a whole text as a new version: the act in force (only one), a draft, or the text that was adopted.

    A draft's articles find those of the draft before, so that opinions stay with theirs; ``matching`` is the staff's
    mended one. Once the consultation is open a new draft extends the term and leaves a public trace. Raises Refused
    for a text without a single article.
    """
    if not any(is_unit(provision) for provision in provisions):
        sentence = lazy_pgettext("consultations", "There is no article in this text that people could speak of.")
        raise Refused(sentence, "text")
    db.session.refresh(consultation, _COLUMNS, with_for_update={"key_share": True})
    version = DraftVersion(
        consultation_id=consultation.id,
        number=_next_number(consultation, source),
        source=source,
        title=title or _title(source, consultation.version + 1),
        note=note,
        text=text,
        opened_at=now() if consultation.is_open else None,
    )
    db.session.add(version)
    db.session.flush()
    passages = _passages(consultation, provisions, version.number, matching) if source == Source.DRAFT else {}
    rows = _rows(version, provisions, passages)
    db.session.add_all(rows)
    if source == Source.DRAFT:
        look_for_quotes(consultation, version.number, rows)
        if consultation.version and consultation.is_open and consultation.phase != Phase.UPCOMING:
            extend_term(consultation, version.title)  # refuses when nobody can speak of it any more
        consultation.version = version.number
    record("consultations.version_kept", consultation.kind, consultation.id, {"number": version.number, "title": title})
    if consultation.state == "scheduled" and not consultation.is_open:
        set_term(consultation)  # the text that opens is now this one
    touch_shown(consultation)
    return version


def _title(source: Source, number: int) -> str:
    """In Bulgarian, as the text itself."""
    if source == Source.IN_FORCE:
        return "Действащ акт"
    return "Приет текст" if source == Source.ADOPTED else f"Версия {number}"


def _next_number(consultation: Consultation, source: Source) -> int:
    its = DraftVersion.consultation_id == consultation.id
    last = db.session.scalar(select(func.max(DraftVersion.number)).where(its))
    if source == Source.IN_FORCE:
        if db.session.scalar(select(DraftVersion.id).where(its, DraftVersion.number == 0)) is not None:
            raise Refused(lazy_pgettext("consultations", "The act in force is here already."))
        return 0
    return max(last or 0, 0) + 1


def _passages(
    consultation: Consultation, provisions: Sequence[Provision], number: int, matching: Matching | None
) -> dict[str, Passage]:
    """The passage of each article of the new draft, by its eid; those that are no more are marked as dropped."""
    known = {
        passage.eid: passage
        for passage in db.session.scalars(
            select(Passage).where(Passage.consultation_id == consultation.id, Passage.dropped_in == 0)
        )
    }
    if known and matching is None:
        before = version_of(consultation, consultation.version)
        matching = match(provisions_of(before.id) if before is not None else (), provisions)
    by_eid = matching.by_eid if matching is not None else {}
    found: dict[str, Passage] = {}
    for place, provision in enumerate(one for one in provisions if is_unit(one)):
        one = by_eid.get(provision.eid)
        passage = known.pop(one.old_eid, None) if one is not None and one.old_eid is not None else None
        if passage is None:
            passage = Passage(consultation_id=consultation.id, new_in=0 if number == 1 else number)
            db.session.add(passage)
        elif one is not None and (one.change == Change.CHANGED or one.is_reworded):
            passage.changed_in = number
        label = say_label(provision)[:LABEL_MAX]
        first = passage.moved_from or passage.label
        passage.moved_from = first if first != label else ""
        passage.eid, passage.label, passage.heading = provision.eid, label, provision.heading
        passage.slug, passage.position = _slug(provision), place
        found[provision.eid] = passage
    for passage in known.values():
        passage.dropped_in = number
    db.session.flush()
    return found


def _slug(provision: Provision) -> str:
    """„чл. 14а“ → chl-14a; the rest of a repeated number keeps it apart."""
    return slug(f"{MARKS[provision.kind]} {provision.eid.partition('_')[2].replace('_', ' ')}", 80)


def _rows(version: DraftVersion, provisions: Sequence[Provision], passages: dict[str, Passage]) -> list[ProvisionRow]:
    rows = []
    for position, provision in enumerate(provisions):
        unit = unit_of(provision.eid)
        passage = passages.get(unit) if unit is not None else None
        rows.append(
            ProvisionRow(
                consultation_id=version.consultation_id,
                version_id=version.id,
                passage_id=passage.id if passage is not None else None,
                position=position,
                eid=provision.eid,
                parent=provision.parent,
                kind=str(provision.kind),
                number=provision.number,
                heading=provision.heading,
                text=provision.text,
                table=[list(row) for row in provision.table] if provision.table is not None else None,
            )
        )
    return rows


_COLUMNS = [column.key for column in inspect(Consultation).column_attrs]
