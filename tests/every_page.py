"""Every page that can be opened, by examples: where it lies, who may open it, and what stands there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

from flask import Flask
from PIL import Image
from sqlalchemy import select

from consult import modules
from consult.cli.demo import seed
from consult.clock import local
from consult.db import db, operation
from consult.people import Person, give_role, make_token
from consult.publishing import Publication, ShownIn, State, towns_of
from consult.subscriptions import follow
from consult.tenancy import Municipality, inside, through
from consult.testing.factories import ON, add_file, email_of, town
from consult.web.link import LIVES
from plugins.events.models import Event
from plugins.news.models import Category
from plugins.news.operations import name_category
from tests.drafts_to_see import draft_numbers
from tests.one_following import following_addresses
from tests.one_opinion import opinion_addresses
from tests.places_to_see import place_addresses
from tests.ready_consultations import desk_addresses

HOME, BURGAS, EMPTY = "/stara-zagora", "/burgas", "/kazanlak"  # Казанлък takes part and has nothing yet
TYPES = "/rabota/konsultatsii/protseduri"
EMPTY_CODE = "SZR12"
TOWNS = (ON, "BGS04", "SLV20", "JAM26")
PUBLIC = ("visitor", "admin")
WRITERS, STAFF, ADMIN = ("editor", "admin"), ("editor", "moderator", "admin"), ("admin",)

# What is no page for people, and in what it answers.
FOR_PROGRAMS = {
    "installation.healthz": ("/healthz", "text/plain"),
    "installation.security_txt": ("/.well-known/security.txt", "text/plain"),
    "installation.robots": ("/robots.txt", "text/plain"),
    "installation.theme": (f"{HOME}/theme.css", "text/css"),
    "calendars.feed": (f"{HOME}/kalendar.ics", "text/calendar"),
    "news.feed": (f"{HOME}/novini.atom", "application/atom+xml"),
    "events.event_calendar": (f"{HOME}/sabitia/{{open_event}}.ics", "text/calendar"),
    "events.place_data": (f"{HOME}{{given_place}}/danni.json", "application/json"),
    "events.place_calendar": (f"{HOME}{{given_place}}/sabitie.ics", "text/calendar"),
    "consultations.short": (f"{HOME}/k/{{green}}", "text/html"),
    "consultations.feed": (f"{HOME}/konsultatsii.atom", "application/atom+xml"),
    "consultations.consultations_json": (f"{HOME}/konsultatsii.json", "application/json"),
    "consultations.opinions_csv": (f"{HOME}/konsultatsii/{{green}}/mnenia.csv", "text/csv"),
    "consultations.opinions_json": (f"{HOME}/konsultatsii/{{green}}/mnenia.json", "application/json"),
    "files.file": (f"{HOME}/fayl/{{file}}/programa.pdf", "application/pdf"),
    "participation.data": (f"{HOME}{{opinion_shown}}/danni.json", "application/json"),
    "reporting.file": (f"{HOME}{{opinion_file}}", "application/pdf"),
    "moderation.register_csv": (f"{HOME}/mnenia/registar.csv", "text/csv"),
}


@dataclass(frozen=True)
class Sample:
    """A page to look at. ``path`` lies in ``place`` ("" is the region) and may name what the demonstration holds."""

    name: str
    endpoint: str
    path: str
    place: str = HOME
    who: tuple[str, ...] = PUBLIC
    status: int = 200


def _at(endpoint: str, *samples: tuple[str, str], **common: object) -> tuple[Sample, ...]:
    return tuple(Sample(name, endpoint, path, **common) for name, path in samples)  # type: ignore[arg-type]


SAMPLES = (
    Sample("region", "home.home", "/", "", ("visitor", "operator")),
    *(Sample(f"home of {place[1:]}", "home.home", "/", place) for place in (HOME, BURGAS, "/sliven", "/yambol", EMPTY)),
    *_at("account.sign_in", ("sign in", "/vhod")),
    *_at("account.sign_in", ("sign in to the region", "/vhod"), place="", who=("visitor", "operator")),
    *_at("link.ask", ("asking for a link anew", "/vhod/pismo")),
    *_at("link.follow", ("link of a newcomer", "/vhod/vrazka/{newcomer}"), ("link", "/vhod/vrazka/{link}")),
    *_at("link.follow", ("dead link", "/vhod/vrazka/abc"), status=404),
    *_at("profile.page", ("profile", "/profil"), who=STAFF),
    *_at("profile.page", ("profile in the region", "/profil"), place="", who=("operator",)),
    *_at("following.follow", ("following", "/sledi/{shared}")),
    *_at("following.follow", ("followed already", "/sledi/{published}"), who=("admin",)),
    *_at("following.asked", ("receipt of who asked to follow", "/sledi/{shared}/pismo")),
    *_at("following.confirm", ("following to confirm", "{follow_confirm}"), ("followed", "{follow_confirmed}")),
    *_at("following.stop", ("stopping to follow", "{follow_stop}")),
    *_at("following.stop", ("stopping with a wrong key", "{follow_stop}x"), status=404),
    *_at("participation.own", ("my participation", "/moeto"), who=("admin", "editor")),
    *_at("participation.own_receipt", ("my opinion", "{own_opinion}"), who=ADMIN),
    *_at("participation.receipt", ("opinion to confirm", "{opinion_to_confirm}"), ("receipt", "{opinion_shown}")),
    *_at("participation.receipt", ("receipt of the held", "{opinion_held}"), ("hidden opinion", "{opinion_hidden}")),
    *_at("participation.receipt", ("masked opinion", "{opinion_masked}"), ("taken back", "{opinion_withdrawn}")),
    *_at("participation.receipt", ("changed opinion", "{opinion_changed}"), ("appealed", "{opinion_appealed}")),
    *_at("participation.receipt", ("receipt with a wrong key", "{opinion_shown}x"), status=404),
    *_at("participation.receipt", ("opinion that is erased", "{opinion_erased}"), status=410),
    *_at("participation.edit", ("change an opinion", "{opinion_shown}/promeni")),
    *_at("participation.edit", ("too late to change", "{opinion_changed}/promeni")),
    *_at("participation.withdraw", ("take an opinion back", "{opinion_shown}/ottegli")),
    *_at("participation.withdraw", ("taken back already", "{opinion_withdrawn}/ottegli")),
    *_at("participation.disown", ("not my opinion", "{opinion_to_confirm}/ne-sam-az")),
    *_at("participation.appeal", ("object", "{opinion_hidden}/vazrazi")),
    *_at("participation.appeal", ("nothing to object to", "{opinion_shown}/vazrazi")),
    *_at("reporting.report", ("report an opinion", "{report_opinion}")),
    *_at("reporting.report", ("report what is gone", "{gone_opinion}"), status=410),
    *_at("reporting.thanks", ("reported", "{report_opinion}/priet")),
    *_at("moderation.rules", ("rules for opinions", "/pravila")),
    *_at("moderation.register", ("register", "/mnenia/registar"), ("old month", "/mnenia/registar?mesets=2020-02")),
    *_at("moderation.waiting_list", ("queue of opinions", "/rabota/mnenia"), who=("moderator", "admin")),
    *_at("moderation.waiting_list", ("no opinion waits", "/rabota/mnenia"), place=EMPTY, who=ADMIN),
    *_at("moderation.opinion", ("held opinion", "{desk_opinion_held}"), who=ADMIN),
    *_at("moderation.opinion", ("reported opinion", "{desk_opinion_shown}"), who=ADMIN),
    *_at("moderation.opinion", ("opinion with an objection", "{desk_opinion_appealed}"), who=ADMIN),
    *_at("moderation.opinion", ("masked by a moderator", "{desk_opinion_masked}"), who=ADMIN),
    *_at("moderation.mask", ("black out words", "{desk_opinion_held}/zakriy-danni"), who=ADMIN),
    *_at("moderation.hide", ("hide an opinion", "{desk_opinion_shown}/skriy"), who=ADMIN),
    *_at("moderation.decide", ("decide an objection", "{desk_opinion_appealed}/vazrazhenie"), who=ADMIN),
    *_at("news.posts", ("news", "/novini"), ("news of a category", "/novini?kategoria=aktualno")),
    *_at("news.posts", ("second page of news", "{second_page}"), ("empty category", "/novini?kategoria=prazna")),
    *_at("news.posts", ("no news", "/novini"), place=EMPTY),
    *_at("news.post", ("post without its tail", "/novini/{published}"), ("archived post", "/novini/{archived}")),
    *_at("news.post", ("withdrawn post", "/novini/{withdrawn}"), status=410),
    *_at("news.post_with_tail", ("post", "/novini/{shared}/{tail}")),
    *_at("news.post_with_tail", ("post of a neighbour", "/novini/{shared}/{tail}"), place=BURGAS, who=("visitor",)),
    *_at("desk.today", ("today", "/rabota"), who=STAFF),
    *_at("desk.today", ("nothing today", "/rabota"), place=EMPTY, who=ADMIN),
    *_at("news.desk_list", ("written", "/rabota/novini"), ("drafts", "/rabota/novini?tab=drafts"), who=WRITERS),
    *_at("news.desk_list", ("past", "/rabota/novini?tab=past"), who=WRITERS),
    *_at("news.desk_list", ("nothing written", "/rabota/novini"), place=EMPTY, who=ADMIN),
    *_at("news.desk_list", ("no drafts", "/rabota/novini?tab=drafts"), place=EMPTY, who=ADMIN),
    *_at("news.desk_list", ("no past", "/rabota/novini?tab=past"), place=EMPTY, who=ADMIN),
    *_at("news.desk_new", ("new", "/rabota/novini/nova"), who=WRITERS),
    *_at("news.desk_edit", ("edit published", "/rabota/novini/{shared}"), who=WRITERS),
    *_at("news.desk_edit", ("edit draft", "/rabota/novini/{draft}"), who=WRITERS),
    *_at("news.desk_edit", ("edit scheduled", "/rabota/novini/{scheduled}"), who=WRITERS),
    *_at("news.desk_edit", ("edit archived", "/rabota/novini/{archived}"), who=WRITERS),
    *_at("news.desk_edit", ("edit withdrawn", "/rabota/novini/{withdrawn}"), who=WRITERS),
    *_at("news.desk_files", ("files", "/rabota/novini/{shared}/faylove"), who=WRITERS),
    *_at("news.desk_files", ("no files", "/rabota/novini/{draft}/faylove"), who=WRITERS),
    *_at("news.desk_remove_file", ("remove a file", "/rabota/novini/{shared}/faylove/{file}/mahni"), who=WRITERS),
    *_at("news.desk_versions", ("versions", "/rabota/novini/{amended}/versii"), who=WRITERS),
    *_at("news.desk_withdraw", ("withdraw", "/rabota/novini/{published}/ottegli"), who=ADMIN),
    *_at("news.category_list", ("categories", "/rabota/novini/kategorii"), who=ADMIN),
    *_at("news.category_list", ("no categories", "/rabota/novini/kategorii"), place=EMPTY, who=ADMIN),
    *_at("news.category", ("category", "/rabota/novini/kategorii/{category}"), who=ADMIN),
    *_at("consultations.consultations", ("consultations", "/konsultatsii")),
    *_at("consultations.consultations", ("consultations of an area", "/konsultatsii?kategoria=okolna-sreda")),
    *_at("consultations.consultations", ("empty area of consultations", "/konsultatsii?kategoria=kultura")),
    *_at("consultations.consultations", ("upcoming consultations", "/konsultatsii?pokazhi=predstoyat")),
    *_at("consultations.consultations", ("concluded consultations", "/konsultatsii?pokazhi=priklyuchili")),
    *_at("consultations.consultations", ("no consultations", "/konsultatsii"), place=EMPTY),
    *_at("consultations.consultation", ("consultation without its tail", "/konsultatsii/{green}")),
    *_at("consultations.consultation", ("budget", "/konsultatsii/{budget}"), place=BURGAS, who=("visitor",)),
    *_at("consultations.consultation", ("concluded", "/konsultatsii/{markets}"), place="/yambol", who=("visitor",)),
    *_at("consultations.consultation", ("upcoming", "/konsultatsii/{strays}"), place="/sliven", who=("visitor",)),
    *_at("consultations.consultation_with_tail", ("consultation", "/konsultatsii/{green}/{green_tail}")),
    *_at("consultations.consultation", ("only the new text", "/konsultatsii/{green}?vid=chist")),
    *_at("consultations.opinions", ("opinions", "/konsultatsii/{green}/mnenia")),
    *_at("consultations.passage", ("article", "/konsultatsii/{green}/chl-14")),
    *_at("consultations.opinion", ("opinion in its thread", "/konsultatsii/{green}/mnenia/{said}")),
    *_at("consultations.wordings", ("how an opinion was edited", "/konsultatsii/{green}/mnenia/{said}/redaktsii")),
    *_at("consultations.reply", ("answer an opinion", "/konsultatsii/{green}/mnenia/{said}/otgovor")),
    *_at("consultations.check_mail", ("after an opinion", "/konsultatsii/{green}/mnenia/proverete")),
    *_at("consultations.why", ("why these days", "/konsultatsii/{green}/zashto")),
    *_at("consultations.versions", ("versions of a draft", "/konsultatsii/{green}/versii")),
    *_at("consultations.compare", ("two versions", "{compared}?ot=1&do=2"), ("no difference", "{compared}?ot=2&do=2")),
    *_at("consultations.compare", ("side by side", "{compared}?ot=0&do=2&vid=dve")),
    *_at("consultations.desk_list", ("written consultations", "/rabota/konsultatsii"), who=WRITERS),
    *_at("consultations.desk_new", ("new consultation", "/rabota/konsultatsii/nova"), who=WRITERS),
    *_at("consultations.desk_edit", ("edit an open consultation", "{desk_green}"), who=WRITERS),
    *_at("consultations.desk_edit", ("edit a draft consultation", "{desk_ready}"), who=WRITERS),
    *_at("consultations.desk_versions", ("versions of a consultation", "{desk_green}/versii"), who=WRITERS),
    *_at("consultations.desk_files", ("files of a consultation", "{desk_green}/faylove"), who=WRITERS),
    *_at(
        "consultations.desk_remove_file",
        ("remove a file of a consultation", "{desk_green}/faylove/{green_file}/mahni"),
        who=WRITERS,
    ),
    *_at("consultations.desk_withdraw", ("withdraw a consultation", "{desk_green}/ottegli"), who=ADMIN),
    *_at("consultations.texts", ("texts of a draft", "{desk_green}/tekst"), who=WRITERS),
    *_at("consultations.texts", ("no text yet", "{desk_unready}/tekst"), who=WRITERS),
    *_at("consultations.ready", ("ready to open", "{desk_ready}/gotova"), who=WRITERS),
    *_at("consultations.ready", ("not ready to open", "{desk_unready}/gotova"), who=WRITERS),
    *_at("consultations.open_it", ("open it for opinions", "{desk_ready}/otvori"), who=WRITERS),
    *_at("consultations.outcome", ("outcome of a consultation", "{desk_green}/ishod"), who=WRITERS),
    *_at("consultations.procedure_list", ("types of procedures", TYPES), who=ADMIN),
    *_at(
        "consultations.procedure_list",
        ("no types of procedures", TYPES),
        place=EMPTY,
        who=ADMIN,
    ),
    *_at("consultations.procedure_new", ("new type of procedure", f"{TYPES}/nova"), who=ADMIN),
    *_at("consultations.procedure_edit", ("type of procedure", TYPES + "/{procedure}"), who=ADMIN),
    *_at("consultations.on_paper", ("draft on paper", "/konsultatsii/{green}/pechat")),
    *_at("events.events", ("events", "/sabitia"), ("events of the weekend", "/sabitia?koga=uikend")),
    *_at("events.events", ("table of events", "/sabitia?mesets={month}&izgled=mreja")),
    *_at("events.events", ("events of a kind and area", "/sabitia?mesets={month}&vid=obsazhdane&rayon=Център")),
    *_at("events.events", ("month of the round table", "/sabitia?mesets=2020-07"), place=BURGAS, who=("visitor",)),
    *_at("events.events", ("month without events", "/sabitia?mesets=2019-01")),
    *_at("events.events", ("no events ahead", "/sabitia?mesets=2099-12")),
    *_at("events.events", ("no events", "/sabitia"), place=EMPTY),
    *_at("events.event", ("open event", "/sabitia/{open_event}"), ("free event", "/sabitia/{free_event}")),
    *_at("events.event", ("event without a limit", "/sabitia/{many_event}"), ("past event", "/sabitia/{past_event}")),
    *_at("events.event", ("withdrawn event", "/sabitia/{withdrawn_event}"), status=410),
    *_at("events.event", ("full event", "/sabitia/{full_event}"), place=BURGAS, who=("visitor",)),
    *_at("events.event", ("moved event", "/sabitia/{moved_event}"), place=BURGAS, who=("visitor",)),
    *_at("events.event", ("online event", "/sabitia/{online_event}"), place=BURGAS, who=("visitor",)),
    *_at("events.event", ("cancelled event", "/sabitia/{cancelled_event}"), place="/sliven", who=("visitor",)),
    *_at("events.event", ("event with the last places", "/sabitia/{last_event}"), place="/sliven", who=("visitor",)),
    *_at("events.event", ("event that opens later", "/sabitia/{later_event}"), place="/sliven", who=("visitor",)),
    *_at("events.event", ("event that is closed", "/sabitia/{closed_event}"), place="/yambol", who=("visitor",)),
    *_at("events.event_with_tail", ("event of a neighbour", "/sabitia/{round_table}/{round_table_tail}"), place=BURGAS),
    *_at("events.asked", ("receipt of who asked for a place", "/sabitia/{open_event}/zapis")),
    *_at("events.mine", ("my places", "/sabitia/moite"), who=("admin", "editor")),
    *_at("events.place", ("place to confirm", "{held_place}"), ("place that is given", "{given_place}")),
    *_at("events.place", ("place given back", "{given_back_place}"), ("place that lapsed", "{lapsed_place}")),
    *_at("events.place", ("place that is offered", "{offered_place}")),
    *_at("events.place", ("place in the line", "{waiting_place}"), place=BURGAS, who=("visitor",)),
    *_at("events.place", ("place in the line to confirm", "{line_place}"), place=BURGAS, who=("visitor",)),
    *_at("events.place", ("place with a wrong key", "{given_place}x"), status=404),
    *_at("events.place", ("place that is erased", "{erased_place}"), status=410),
    *_at("events.place_change", ("change of a place", "{given_place}/promeni")),
    *_at("events.place_give_back", ("giving a place back", "{given_place}/otkazhi")),
    *_at("events.place_forget", ("being forgotten", "{given_place}/zabravi")),
    *_at(
        "events.desk_list",
        ("written events", "/rabota/sabitia"),
        ("draft events", "/rabota/sabitia?tab=drafts"),
        who=WRITERS,
    ),
    *_at("events.desk_list", ("no events written", "/rabota/sabitia"), place=EMPTY, who=ADMIN),
    *_at("events.desk_new", ("new event", "/rabota/sabitia/novo"), who=WRITERS),
    *_at("events.desk_edit", ("edit event", "{desk_event}"), ("edit past event", "{desk_past}"), who=WRITERS),
    *_at("events.desk_edit", ("edit withdrawn event", "/rabota/sabitia/{withdrawn_event}"), who=WRITERS),
    *_at("events.desk_files", ("files of an event", "{desk_event}/faylove"), who=WRITERS),
    *_at(
        "events.desk_remove_file",
        ("remove a file of an event", "{desk_event}/faylove/{event_file}/mahni"),
        who=WRITERS,
    ),
    *_at("events.desk_versions", ("versions of an event", "{desk_event}/versii"), who=WRITERS),
    *_at("events.desk_withdraw", ("withdraw an event", "{desk_event}/ottegli"), who=ADMIN),
    *_at("events.cancel", ("cancel an event", "{desk_event}/otmeni"), who=WRITERS),
    *_at("events.afterwards", ("what came of an event", "{desk_past}/sled"), who=WRITERS),
    *_at("events.thanks", ("thanks for an event", "{desk_past}/sled/blagodari"), who=WRITERS),
    *_at(
        "events.place_list",
        ("places", "{desk_event}/mesta"),
        ("offered", "{desk_event}/mesta?vid=chakashti"),
        who=WRITERS,
    ),
    *_at("events.place_list", ("places given back", "{desk_event}/mesta?vid=otkazani"), who=WRITERS),
    *_at("events.place_list", ("places not confirmed", "{desk_event}/mesta?vid=nepotvardeni"), who=WRITERS),
    *_at("events.place_list", ("no such place", "{desk_event}/mesta?q=няма"), who=WRITERS),
    *_at("events.enter_place", ("enter a place", "{desk_event}/mesta/novo"), who=WRITERS),
    *_at("events.staff_place", ("place of somebody", "{desk_event}/mesta/{given_number}"), who=WRITERS),
    *_at("events.give_back", ("give back for somebody", "{desk_event}/mesta/{given_number}/otkazhi"), who=WRITERS),
    *_at("events.sheet", ("list of people", "{desk_event}/spisak"), who=WRITERS),
    *_at("events.door", ("door", "{desk_event}/vhod"), ("nobody at the door", "{desk_event}/vhod?q=няма"), who=STAFF),
    *_at("admin.modules_page", ("modules", "/admin/moduli"), who=ADMIN),
    *_at("admin.settings_page", ("settings", "/admin/nastroiki"), who=ADMIN),
    *_at("operator.overview", ("installation", "/operator"), place="", who=("operator",)),
    *_at("operator.letters", ("letters", "/operator/pisma"), place="", who=("operator",)),
    *_at("", ("not found", "/nyama"), ("scheduled post", "/novini/{scheduled}"), status=404),
    *_at("", ("not found in the region", "/nyama"), place="", who=("visitor", "operator"), status=404),
    *_at("", ("not allowed", "/admin/moduli"), who=("editor", "moderator"), status=403),
    # of the plugin that the tests install from outside
    *_at("notices.board", ("board", "/obyavi")),
    *_at("notices.desk", ("board of the staff", "/rabota/obyavi"), who=WRITERS),
)


def furnish_all(app: Flask) -> dict[str, str]:
    """Fills the demonstration into an application that is furnished already; answers the numbers that samples name."""
    with app.app_context():
        seed(app)
        _open_an_empty_town()
        db.session.commit()
        with through("operator"):
            for plugin in ("news", "events", "consultations"):
                modules.allow(_id_of(EMPTY_CODE), plugin)
            db.session.commit()
        with inside(town(EMPTY_CODE)):
            modules.enable(("news", "events", "consultations"))
            give_role(db.session.scalars(select(Person).where(Person.email_key == email_of("admin"))).one(), "admin")
            db.session.commit()
        events = _events() | draft_numbers()
        events |= place_addresses(int(events["open_event"]), int(events["full_event"]), "BGS04")
        with inside(town(ON)):
            name_category("Празна", "Empty", "Boş")
            db.session.commit()
            numbers = _numbers() | _links()
            file = _add_files(int(numbers["shared"]))
            _let_the_admin_follow(int(numbers["published"]))
            events |= following_addresses(int(numbers["shared"]))
            events |= _at_the_desk(events) | opinion_addresses() | desk_addresses(int(events["green"]))
            db.session.commit()
            return numbers | events | {"file": str(file), "second_page": _second_page(app)}


@operation
def _open_an_empty_town() -> None:
    db.session.get_one(Municipality, _id_of(EMPTY_CODE)).is_open = True


def _id_of(code: str) -> int:
    return db.session.scalars(select(Municipality.id).where(Municipality.code == code)).one()


def _numbers() -> dict[str, str]:
    own = select(Publication).where(Publication.municipality_id == town(ON).id, Publication.kind == "news.post")
    mine = list(db.session.scalars(own))
    numbers = {str(state): str(next(one.id for one in mine if one.state == state)) for state in State}
    shared = next(one for one in mine if towns_of(one) and one.translations and one.state == State.PUBLISHED)
    category = db.session.scalars(select(Category.id).order_by(Category.id)).first()
    return numbers | {
        "shared": str(shared.id),
        "tail": shared.slug,
        "amended": str(shared.id),
        "category": str(category),
    }


EVENTS = {
    "open_event": "Да поговорим за дърветата и зелените площи",
    "free_event": "Среща на кмета с жителите на кв. „Казански“",
    "many_event": "Засаждане на 120 липи в парк „Митрополит Методий Кусев“",
    "past_event": "Обществено обсъждане на годишния отчет за бюджета",
    "withdrawn_event": "Как се подава заявление от телефона",
    "full_event": "Работилница: как да изглежда зелената връзка до Морската градина",
    "moved_event": "Какво да правим при силен дъжд: обучение за домсъвети",
    "online_event": "Линия 12 след първия месец: среща онлайн",
    "cancelled_event": "Квартал край гарата: обществено обсъждане на плана",
    "last_event": "Грижа за възрастен човек у дома: обучение за близки",
    "later_event": "Кръгла маса: по-чист въздух през зимата",
    "closed_event": "Подвижно гише в кв. „Райчо Кънев“",
}


def _events() -> dict[str, str]:
    """The events of the demonstration by what is to be seen on their pages, and the month of the open one."""
    found: dict[str, str] = {}
    for code in TOWNS:
        with inside(town(code)):
            numbers = {one.title: str(one.id) for one in db.session.scalars(select(Event))}
            found |= {name: numbers[title] for name, title in EVENTS.items() if title in numbers}
    with inside(town(ON)):
        opens = db.session.get_one(Event, int(found["open_event"])).starts_at
        table = db.session.scalars(select(Event).where(Event.starts_at < datetime(2021, 1, 1, tzinfo=UTC))).one()
        return found | {
            "month": f"{local(opens):%Y-%m}",
            "round_table": str(table.id),
            "round_table_tail": table.slug,
        }


def _at_the_desk(events: dict[str, str]) -> dict[str, str]:
    """Where the staff see the same events, one of the places, and a file."""
    event = db.session.get_one(Event, int(events["open_event"]))
    return {
        "desk_event": f"/rabota/sabitia/{event.id}",
        "desk_past": f"/rabota/sabitia/{events['past_event']}",
        "given_number": events["given_place"].split("/")[4],
        "event_file": str(add_file(event).id),
    }


def _add_files(number: int) -> int:
    """A document and a picture beside one post; answers the number of the document."""
    post = db.session.get_one(Publication, number)
    drawn = BytesIO()
    Image.new("RGB", (1200, 800), "seagreen").save(drawn, "PNG")
    add_file(post, "Снимка.png", drawn.getvalue(), alt="Зелено поле край града.")
    return add_file(post, "programa.pdf").id


def _let_the_admin_follow(number: int) -> None:
    admin = db.session.scalars(select(Person).where(Person.email_key == email_of("admin"))).one()
    follow(number, admin.email, admin.id)


def _links() -> dict[str, str]:
    """Keys of links as letters bring them: to who has no account yet, and to the editor."""
    subjects = {"newcomer": "nova@test.example", "link": email_of("editor")}
    return {name: make_token("account.link", one, LIVES, town(ON).id) for name, one in subjects.items()}


def _second_page(app: Flask) -> str:
    """A list without pages could not show one, so there must be more than a page of news."""
    own = select(ShownIn).where(ShownIn.town_id == town(ON).id)
    assert len(db.session.scalars(own).all()) > 20
    page = app.test_client().get(f"{HOME}/novini").text
    link = page.partition("sled=")[2].partition('"')[0].replace("&amp;", "&")
    return f"/novini?sled={link}"
