"""Sliven: a training with the last places, a discussion called off, a round table whose registration opens later."""

from datetime import time

from plugins.events.demo_content.meeting import Guest, Meeting, Registration, Translation

SLIVEN = (
    Meeting(
        town="SLV20",
        kind="obuchenie",
        office="Дирекция „Социални дейности“",
        weeks=1,
        weekday=1,
        at=time(17, 30),
        minutes=120,
        title="Грижа за възрастен човек у дома: обучение за близки",
        lead="Как се вдига, храни и къпе лежащ човек, без да се нараните. Води медицинска сестра.",
        body="Обучението е безплатно. Ако няма с кого да оставите близкия си, кажете ни, ще пратим помощник.\n",
        words={
            "area": "кв. „Надежда“",
            "room": "Учебната стая",
            "building": "Общностен център „Багра“",
            "address": "ул. „Чинарова“ № 5",
            "spoken": "bg tr rom",
            "accessibility": "Партер, без стъпала.",
        },
        registration=Registration(16, most_people=4),
        guests=(
            Guest("Снежана Колева", 4),
            Guest("Айше Мехмед", 4),
            Guest("Боян Радев", 3),
            Guest("Росица Димова", 3),
        ),
        translations={
            "tr": Translation(
                "Yaşlıya evde bakım: yakınlar için eğitim",
                "Yatan bir insan nasıl kaldırılır, doyurulur ve yıkanır. Eğitimi bir hemşire verir.",
                "Eğitim ücretsizdir. Yakınınızı bırakacak kimseniz yoksa bize söyleyin, bir yardımcı göndeririz.\n",
            ),
        },
    ),
    Meeting(
        town="SLV20",
        kind="obsazhdane",
        office="Отдел „Устройство на територията“",
        weeks=1,
        weekday=3,
        at=time(17),
        minutes=90,
        title="Квартал край гарата: обществено обсъждане на плана",
        lead="Къде ще минават улиците, колко високо ще се строи и какво остава зелено.",
        body="Макетът стои във фоайето и преди срещата.\n",
        words={
            "area": "Гарата",
            "room": "Заседателна зала",
            "building": "Община Сливен",
            "address": "бул. „Цар Освободител“ № 1",
        },
        registration=Registration(80),
        guests=(Guest("Тихомир Стефанов", 2), Guest("Съюз на архитектите, Сливен", 3)),
        fate="cancelled",
        reason="Проектантът поиска още две седмици, за да отрази становището на ВиК. Ще обявим нова дата.",
        discusses=("Предварително обсъждане: подробен план за квартала край гарата",),
    ),
    Meeting(
        town="SLV20",
        kind="krugla-masa",
        office="Дирекция „Социални дейности“",
        weeks=4,
        weekday=5,
        at=time(11),
        minutes=120,
        title="Кръгла маса: по-чист въздух през зимата",
        lead="Печки, изолация и надзор: какво помогна и какво не.",
        body="Каним домсъвети, училища и търговци на дърва.\n",
        words={
            "area": "Център",
            "room": "Камерна зала",
            "building": "Читалище „Тънкият звън“",
            "address": "ул. „Тъкачница“ № 20",
        },
        registration=Registration(50, opens_in=5),
        discusses=("По-чист въздух тази зима: сменяме още 300 печки",),
        translations={
            "en": Translation(
                "Round table: cleaner air in winter",
                "Stoves, insulation and supervision: what has helped and what has not.",
                "House councils, schools and sellers of firewood are invited.\n",
            ),
        },
    ),
)
