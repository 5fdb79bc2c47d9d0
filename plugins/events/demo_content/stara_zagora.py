"""Stara Zagora: trees, a quarter, lime trees to plant, a report that was heard, one taken back, one not out yet."""

from datetime import time

from plugins.events.demo_content.meeting import Guest, Meeting, Registration, Translation

TREES = Meeting(
    town="SZR31",
    kind="obsazhdane",
    office="Отдел „Екология“",
    weeks=1,
    weekday=3,
    at=time(17, 30),
    minutes=120,
    title="Да поговорим за дърветата и зелените площи",
    short_title="Обществено обсъждане: зелените площи",
    lead="Елате да зададете въпрос и да предложите промяна в новата наредба. Може и онлайн.",
    body="""\
Общината подготвя нова наредба за зелената система. Ще обясним какво се променя и ще чуем какво мислите. Всичко казано
в залата се записва и влиза в справката до Общинския съвет, както и писмените мнения.
""",
    words={
        "area": "Център",
        "room": "Зала „П. Р. Славейков“",
        "building": "Община Стара Загора",
        "address": "бул. „Цар Симеон Велики“ № 107",
        "directions": "Автобуси 20 и 36, спирка „Опера“. Пеша от спирката 4 минути.",
        "online_url": "https://sreshti.starazagora.example/zeleni-ploshti",
        "accessibility": (
            "Вход без стъпала откъм ул. „Хаджи Димитър Асенов“, асансьор, достъпна тоалетна. Жестов превод, ако го "
            "поискате при записването."
        ),
        "spoken": "bg bgs",
        "contact_email": "sabitia@starazagora.example",
        "agenda": (
            "17:30 Регистрация\n"
            "17:45 Какво предлага проектът | Главен експерт, отдел „Екология“\n"
            "18:10 Въпроси от залата и онлайн\n"
            "18:50 Работа по групи | Дърветата, площите пред блоковете, новите строежи\n"
            "19:20 Какво чухме и какво следва"
        ),
    },
    registration=Registration(
        60,
        questions=(
            {"key": "q1", "label": "Нужен ми е жестов превод", "kind": "yes", "choices": [], "is_needed": False},
        ),
    ),
    guests=(Guest("Невена Първанова", 2), Guest("Стоян Вълков", 4), Guest("Мария Тенева", is_online=True)),
    discusses=("Предстои обсъждане на новата наредба за дърветата и зелените площи",),
    translations={
        "en": Translation(
            "Let us talk about trees and green spaces",
            "Come to ask a question and to propose a change in the new ordinance. You can also take part online.",
            "The municipality prepares a new ordinance on green spaces. We will explain what changes, and listen. "
            "Everything said in the hall is written down and reaches the Municipal Council, as written opinions do.\n",
        ),
        "tr": Translation(
            "Ağaçları ve yeşil alanları konuşalım",
            "Gelin, soru sorun ve yeni yönetmelik için değişiklik önerin. Çevrim içi de katılabilirsiniz.",
            "Belediye, yeşil alanlar için yeni bir yönetmelik hazırlıyor. Neyin değiştiğini anlatacağız ve sizi "
            "dinleyeceğiz. Salonda söylenen her şey yazılır ve Belediye Meclisine ulaşır.\n",
        ),
    },
)

STARA_ZAGORA = (
    TREES,
    Meeting(
        town="SZR31",
        kind="sreshta",
        office="Кабинет на кмета",
        weeks=1,
        weekday=1,
        at=time(18),
        minutes=90,
        title="Среща на кмета с жителите на кв. „Казански“",
        lead="Осветление, паркиране между блоковете и новата детска градина. Елате с въпросите си.",
        body="Срещата е отворена за всички. Отговорите, за които трябва време, публикуваме тук до две седмици.\n",
        words={
            "area": "кв. „Казански“",
            "room": "Големият салон",
            "building": "Читалище „Светлина“",
            "address": "ул. „Липова роса“ № 12",
            "accessibility": "Салонът е на партера, с рампа откъм двора.",
        },
    ),
    Meeting(
        town="SZR31",
        kind="drugo",
        office="Отдел „Екология“",
        weeks=2,
        weekday=5,
        at=time(10),
        minutes=180,
        title="Засаждане на 120 липи в парк „Митрополит Методий Кусев“",
        short_title="Засаждане на 120 липи в парка",
        lead="Лопати, ръкавици и топъл чай има за всички. Децата идват с възрастен.",
        body="Садим при всяко време, освен при силен вятър. Облечете се топло и с обувки за кал.\n",
        words={
            "area": "Център",
            "address": "Входът на парка откъм езерото",
            "directions": "Автобус 7 до последната спирка.",
            "accessibility": "Алеята до мястото е асфалтирана; самите лехи са на тревата.",
        },
        registration=Registration(None),
        guests=(Guest("Семейство Димови", 4), Guest("Клуб „Байкария“", 5), Guest("Петър Златев", 2)),
    ),
    Meeting(
        town="SZR31",
        kind="obsazhdane",
        office="Дирекция „Финанси“",
        weeks=-3,
        weekday=2,
        at=time(17, 30),
        minutes=90,
        title="Обществено обсъждане на годишния отчет за бюджета",
        lead="Показахме откъде дойдоха парите и за какво отидоха.",
        body="Докладва дирекция „Финанси“. После имаше въпроси от залата.\n",
        words={"room": "Зала 2", "building": "Община Стара Загора", "address": "бул. „Цар Симеон Велики“ № 107"},
        attendance=34,
        heard="""\
- Жителите искат отчетът да показва и колко струва поддръжката на всеки квартал. **Приемаме:** ще бъде в следващия.
- Питаха защо ремонтът на училищните покриви се бави. Изпълнителят е сменен, новият срок е в протокола.
- Предложиха обсъждането да е след работно време. И занапред ще е от 17:30 ч.
""",
    ),
    Meeting(
        town="SZR31",
        kind="obuchenie",
        office="Център за услуги",
        weeks=2,
        weekday=2,
        at=time(14),
        minutes=60,
        title="Как се подава заявление от телефона",
        lead="Кратко обучение за хора над 60 години.",
        body="Вземете телефона си и очилата.\n",
        words={"room": "Зала 1", "building": "Община Стара Загора"},
        fate="withdrawn",
        reason="Обявата излезе с грешна дата. Новата ще бъде публикувана отделно.",
    ),
    Meeting(
        town="SZR31",
        kind="kultura",
        office="Отдел „Култура“",
        weeks=4,
        weekday=4,
        at=time(18),
        minutes=120,
        title="Вечер на градските хорове",
        lead="Шест хора, един салон.",
        body="Програмата се уточнява.\n",
        words={"area": "Център", "building": "Читалище „Светлина“"},
        fate="draft",
    ),
)
