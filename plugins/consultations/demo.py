"""Fills a town of the demonstration with consultations and what people say of them, through the usual operations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial
from io import BytesIO

from sqlalchemy import select

from consult.api import (
    Publication,
    Sender,
    Town,
    acting,
    add_person,
    agree,
    as_of,
    attach,
    db,
    find_person,
    from_local,
    here,
    hide,
    keep_file,
    link,
    mask_and_publish,
    now,
    publish,
    read_upload,
    slug,
    today,
    withdraw_contribution,
    write,
)
from plugins.consultations.demo_content import CONSULTATIONS
from plugins.consultations.demo_content.papers import paper_of
from plugins.consultations.demo_content.values import Outcome as Ending
from plugins.consultations.demo_content.values import Reasons, Reply, Said, Told, Version
from plugins.consultations.drafts.provisions import unit_of
from plugins.consultations.drafts.reading import read_draft
from plugins.consultations.models import Consultation, Opinion, Outcome, Passage, Source
from plugins.consultations.operations import Saying, add_usual_procedures, decide, keep_draft, send_opinion

TOLD_BEFORE = 2  # days ago what is coming was announced
REPORTED_AFTER, DECIDED_AFTER, ANSWERED_WITHIN = 20, 35, 30  # days after the last one of the term
THURSDAY = 3  # when councils sit
REASONS_TITLE = "Мотиви към проекта"
REPORT = "Справка за постъпилите предложения"
AREAS = {"Околна среда": "okolna-sreda", "Бюджет и финанси": "finansi", "Икономика и търговия": "ikonomika"}
REASONS = Reasons(  # the headings of Закон за нормативните актове, чл. 28, ал. 2
    causes="Причини, които налагат приемането",
    aims="Цели, които се поставят",
    means="Финансови и други средства",
    results="Очаквани резултати",
    eu_law="Съответствие с правото на Европейския съюз",
)
VERDICTS = {
    "accepted": "приема се",
    "partly": "приема се отчасти",
    "rejected": "не се приема",
    "noted": "взето под внимание",
    "answered": "отговор",
}
Deed = tuple[datetime, Callable[[], object]]


@dataclass(frozen=True)
class Scene:
    """One consultation as it is told: what was said so far by its key, and the accounts of people by their names."""

    told: Told
    opens_on: date
    consultation: Consultation
    people: dict[str, int]
    said: dict[str, Opinion] = field(default_factory=dict)

    def moment(self, day: int, minute: int = 0) -> datetime:
        """So many minutes after nine in the morning, days after the opening; never later than now."""
        morning = datetime.combine(self.opens_on + timedelta(days=day), time(9))
        return min(from_local(morning + timedelta(minutes=minute)), now())


def fill(town: Town) -> None:
    """Adds the consultations of ``town``; the caller is inside it and commits."""
    numbers = {procedure.key: procedure.id for procedure in add_usual_procedures()}
    for told in CONSULTATIONS:
        if told.town == town.code:
            opens_on = today() + timedelta(days=told.opens_in)
            consultation = _written(told, opens_on, numbers[told.procedure])
            _tell(Scene(told, opens_on, consultation, _residents() if told.opinions else {}))


def _tell(scene: Scene) -> None:
    """All that happened, in the order in which it did, each at its own time."""
    told = scene.told
    for moment, deed in sorted([*_opening(scene), *_talk(scene)], key=lambda one: one[0]):
        with as_of(moment):
            deed()
    for title in told.discussed_at:
        mine = (Publication.municipality_id == here().id, Publication.title == title)
        for event in db.session.scalars(select(Publication).where(*mine)):
            link(event, "discusses", scene.consultation)
    if told.outcome is not None:
        _conclude(scene, told.outcome)


def _residents() -> dict[str, int]:
    """The account of everybody who speaks anywhere in the demonstration: they also agree with one another."""
    names = dict.fromkeys(
        name
        for told in CONSULTATIONS
        for said in told.opinions
        for name in (said.name, *(reply.name for reply in said.replies))
    )
    return {name: (find_person(_email(name)) or add_person(_email(name), name)).id for name in names}


def _email(name: str) -> str:
    return f"{slug(name)}@mail.example"


# ---- The consultation


def _written(told: Told, opens_on: date, procedure_id: int) -> Consultation:
    return Consultation(
        procedure_id=procedure_id,
        act_type="council",
        title=told.title,
        short_title=told.short_title,
        lead=told.lead,
        body=_reasons(told.reasons),
        office=told.unit,
        topic=AREAS[told.policy_area],
        changes="\n".join(told.changes),
        questions="\n".join(told.questions),
        contact_email=told.ways.email,
        post_address=told.ways.postal_address,
        counter=told.ways.counter,
        sitting=told.council_sitting,
        sitting_on=_sits_on(told, opens_on),
        answers_due_on=opens_on + timedelta(days=told.term + ANSWERED_WITHIN),
        days=told.term,
        short_reasons=told.short_term_reason,
        opens_at=from_local(datetime.combine(opens_on, time(9))),
        **{
            name: getattr(told, name) for name in ("affected", "ask", "legal_basis", "mover", "contact_role", "promise")
        },
    )


def _sits_on(told: Told, opens_on: date) -> date:
    """The day of the decision where there is one, else a Thursday about then."""
    day = opens_on + timedelta(days=told.term + DECIDED_AFTER)
    return day if told.outcome is not None else day + timedelta(days=(THURSDAY - day.weekday()) % 7)


def _reasons(reasons: Reasons) -> str:
    return "\n\n".join(f"## {heading}\n\n{words}" for heading, words in zip(REASONS, reasons, strict=True))


def _opening(scene: Scene) -> Iterator[Deed]:
    """Written the day before it is announced, the act in force and the first draft with it; later drafts on theirs."""
    told, first = scene.told, min(0, -TOLD_BEFORE - scene.told.opens_in)
    yield scene.moment(first - 1), partial(_prepare, scene)
    yield scene.moment(first), partial(publish, scene.consultation)
    for version in told.versions[1:]:
        yield scene.moment(version.day), partial(_keep, scene.consultation, version)


def _prepare(scene: Scene) -> None:
    told = scene.told
    translations = {
        language: {"title": one.title, "lead": one.lead, "body": ""} for language, one in told.translations.items()
    }
    write(scene.consultation, translations)
    _add_paper(scene.consultation, "reasons", REASONS_TITLE, zip(REASONS, told.reasons, strict=True))
    if told.act_in_force:
        _keep(scene.consultation, Version(told.act_in_force), Source.IN_FORCE, told.act_in_force_title)
    _keep(scene.consultation, told.versions[0])


def _keep(consultation: Consultation, version: Version, source: Source = Source.DRAFT, title: str = "") -> None:
    keep_draft(consultation, read_draft(version.text).provisions, version.text, source, title, version.note)


def _conclude(scene: Scene, ending: Ending) -> None:
    """The report on opinions, then the decision with the text that was adopted."""
    consultation = scene.consultation
    with as_of(scene.moment(scene.told.term + REPORTED_AFTER)):
        _add_paper(consultation, "report", REPORT, _answers(scene))
    with as_of(scene.moment(scene.told.term + DECIDED_AFTER, 120)):
        _keep(consultation, Version(ending.adopted_text), Source.ADOPTED)
        decide(consultation, consultation.revision, Outcome.ADOPTED, today(), "\n\n".join(_report(scene, ending)))


def _add_paper(consultation: Consultation, role: str, title: str, parts: Iterable[tuple[str, str]]) -> None:
    """A document in the store and among those of the consultation."""
    name = f"{slug(title)}.pdf"
    attach(consultation, keep_file(read_upload(BytesIO(paper_of(title, parts)), name)), title, role=role)


def _answers(scene: Scene) -> Iterator[tuple[str, str]]:
    """The answer to each opinion below its number, as the report says it (чл. 26, ал. 5 ЗНА)."""
    for said in scene.told.opinions:
        if said.verdict:
            opinion = scene.said[said.key]
            about = ", ".join(part for part in (f"Мнение № {opinion.id}", opinion.label) if part)
            yield f"{about}: {VERDICTS[said.verdict]}", said.answer


def _report(scene: Scene, ending: Ending) -> Iterator[str]:
    """What was decided, what people changed, and the answer to each of them."""
    yield from (ending.words, f"{ending.sitting}: {ending.decision}.", "## Какво промениха мненията")
    yield "\n".join(f"- {change}" for change in ending.changes)
    yield "## Отговори на мненията"
    for said in scene.told.opinions:
        if said.verdict:
            opinion = scene.said[said.key]
            about = ", ".join(part for part in (f"№ {opinion.id}", opinion.label) if part)
            yield f"**{about} – {VERDICTS[said.verdict]}.** {said.answer}"


# ---- What people say


def _talk(scene: Scene) -> Iterator[Deed]:
    for number, said in enumerate(scene.told.opinions):
        minute = 20 + number * 37 % 600
        at = scene.moment(said.day, minute)
        yield at, partial(_say, scene, said)
        for place, reply in enumerate(said.replies, 1):
            at = max(scene.moment(reply.day, minute + 11 * place), at + timedelta(minutes=1))
            yield at, partial(_reply, scene, said, reply)
        yield scene.moment(said.day + 1), partial(_agree, scene, said)
        if said.fate:
            day_of_last = max([said.day, *(reply.day for reply in said.replies)])
            yield scene.moment(day_of_last + 1, 30), partial(_end, scene, said)


def _say(scene: Scene, said: Said) -> None:
    saying = Saying(
        text=said.text,
        stance=said.stance,
        passage_id=_passage(scene.consultation, said.article) if said.article else 0,
        eid=said.article or "",
        quote=said.quote,
        proposed=said.proposed,
    )
    sender = Sender(
        name=said.name,
        email=_email(said.name),
        person_id=scene.people[said.name],
        home=said.town,
        organisation=said.organisation,
        consent=said.consent,
    )
    scene.said[said.key] = send_opinion(scene.consultation, saying, sender)


def _passage(consultation: Consultation, eid: str) -> int:
    its = (Passage.consultation_id == consultation.id, Passage.eid == unit_of(eid), Passage.dropped_in == 0)
    return db.session.scalars(select(Passage.id).where(*its)).one()


def _reply(scene: Scene, said: Said, reply: Reply) -> None:
    saying = Saying(text=reply.text, reply_to_id=scene.said[said.key].id)
    sender = Sender(name=reply.name, email=_email(reply.name), person_id=scene.people[reply.name])
    send_opinion(scene.consultation, saying, sender)


def _agree(scene: Scene, said: Said) -> None:
    """As many as the opinion has on its side, from another place in the row of people each time."""
    opinion, people = scene.said[said.key], [*scene.people.values()]
    first = opinion.id * 17 % len(people)
    others = [person for person in people[first:] + people[:first] if person != opinion.person_id]
    for person in others[: said.agreed]:
        agree(opinion, person)


def _end(scene: Scene, said: Said) -> None:
    opinion = scene.said[said.key]
    if said.fate == "withdrawn":
        withdraw_contribution(opinion)
    moderator = find_person(f"moderator@{here().slug}.example")
    with acting(moderator.id if moderator is not None else None):
        if said.fate == "hidden":
            hide(opinion, "lichni", said.fate_reason)
        elif said.fate == "masked":
            text = said.text
            for words in said.masks:
                text = text.replace(words, "[скрито: име]")
            mask_and_publish(opinion, text, opinion.edition, "lichni", said.fate_reason)
