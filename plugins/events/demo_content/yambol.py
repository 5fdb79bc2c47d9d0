"""Yambol: an evening by the river in two ways, three days of carnival, a mobile desk whose registration is closed."""

from datetime import time

from plugins.events.demo_content.meeting import Guest, Meeting, Registration, Translation

YAMBOL = (
    Meeting(
        town="JAM26",
        kind="obsazhdane",
        office="Отдел „Градска среда“",
        weeks=1,
        weekday=4,
        at=time(18),
        minutes=90,
        title="Алеята край Тунджа: вечер за въпроси",
        lead="Къде да има мост, пейки и тиха градина. Елате в салона или гледайте от вкъщи.",
        body="Започваме с разходка по картата, после отговаряме на всеки въпрос по реда на записването.\n",
        words={
            "area": "Край реката",
            "room": "Синият салон",
            "building": "Младежки дом „Тунджа“",
            "address": "ул. „Върбова“ № 2",
            "online_url": "https://sreshti.yambol.example/tundzha",
            "accessibility": "Рампа от страната на реката, асансьор, индукционна верига в салона.",
            "agenda": "18:00 Разходка по картата\n18:30 Въпроси\nНакрая: как се изпраща писмено мнение",
        },
        registration=Registration(70),
        guests=(Guest("Анелия Господинова", 2), Guest("Рибарско дружество „Сом“", 5), Guest("Иво Пенев", 1, True)),
        discusses=("Алеята край Тунджа: изберете къде да има мост, пейки и тиха градина",),
        translations={
            "en": Translation(
                "The alley by the Tundzha: an evening for questions",
                "Where to have a bridge, benches and a quiet garden. Come to the hall or watch from home.",
                "We begin with a walk over the map and then answer every question in the order of registration.\n",
            ),
            "tr": Translation(
                "Tunca kıyısındaki yol: soru akşamı",
                "Köprü, banklar ve sessiz bahçe nerede olsun. Salona gelin ya da evden izleyin.",
                "Haritada bir gezintiyle başlıyoruz, sonra her soruyu kayıt sırasına göre yanıtlıyoruz.\n",
            ),
        },
    ),
    Meeting(
        town="JAM26",
        kind="kultura",
        office="Отдел „Култура“",
        weeks=2,
        weekday=4,
        at=time(16),
        minutes=2 * 24 * 60 + 180,
        title="Карнавални дни",
        lead="Три дни с маски по главната улица. Вход свободен.",
        body="В петък тръгват училищата, в събота гостите, а в неделя награждаваме.\n",
        words={"area": "Център", "address": "Градският площад", "accessibility": "Пред сцената има място за колички."},
        discusses=("Карнавални дни: всеки клас може да излезе с маска",),
    ),
    Meeting(
        town="JAM26",
        kind="drugo",
        office="Център за услуги",
        weeks=1,
        weekday=2,
        at=time(9),
        minutes=180,
        title="Подвижно гише в кв. „Райчо Кънев“",
        lead="Данъци, адресна регистрация и удостоверения на място.",
        body="Носете личната си карта. Записването е по часове, за да не чакате.\n",
        words={
            "area": "кв. „Райчо Кънев“",
            "building": "Училището, стая 3",
            "address": "ул. „Синчец“ № 14",
            "contact_email": "gishe@yambol.example",
        },
        registration=Registration(24, most_people=1, closes_in=-1),
        discusses=("Подвижно гише: общината идва веднъж месечно във всеки квартал",),
    ),
)
