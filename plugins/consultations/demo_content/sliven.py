"""Sliven: the programme on stray animals, announced and not open yet."""

from plugins.consultations.demo_content.values import Reasons, Told, Translation, Version, Ways
from plugins.consultations.demo_content.written import written

STRAY_ANIMALS = Told(
    town="SLV20",
    procedure="strategy",
    act_type="Програма на Общинския съвет",
    title="Програма за грижа за бездомните животни в община Сливен за 2027–2030 г.",
    short_title="Програма за бездомните животни",
    lead="Как да има по-малко кучета без стопанин, повече осиновени животни и спокоен път до училище.",
    changes=(
        "Приютът се разширява с 80 места и отваря и в събота.",
        (
            "Здравите и спокойни кучета се връщат кастрирани и с чип, но не в дворове на училища, детски градини и "
            "болници."
        ),
        "За хора с ниски пенсии кастрацията на домашното куче е безплатна.",
    ),
    affected="Всички жители, стопаните на кучета и котки, училищата, доброволците и ветеринарните лекари.",
    ask="Къде кучетата са най-много? Бихте ли осиновили животно и какво ви спира?",
    policy_area="Околна среда",
    legal_basis="чл. 40 от Закона за защита на животните; чл. 21, ал. 1, т. 12 ЗМСМА",
    mover="Кметът на община Сливен",
    unit="Отдел „Екология“",
    contact_role="Координатор на програмата",
    ways=Ways(
        email="zhivotni@sliven.example",
        postal_address="Община Сливен, отдел „Екология“, бул. „Цар Освободител“ № 1",
        counter="Център за услуги, бул. „Цар Освободител“ № 1, гише 6, в работни дни от 8:30 до 17:30 ч.",
    ),
    questions=(
        "Съгласни ли сте здравите и кастрирани кучета да се връщат на мястото си?",
        "Къде да са обозначените места за хранене на котки?",
        "Какво би ви помогнало да осиновите куче или котка?",
    ),
    promise="Отговаряме на всяко мнение до 20 дни след края на срока.",
    council_sitting="Редовно заседание",
    reasons=Reasons(
        causes=(
            "Сегашната програма изтича, а при последното преброяване по улиците имаше 640 кучета. Приютът е препълнен "
            "през зимата."
        ),
        aims="По-малко бездомни животни без жестокост, повече осиновявания и сигурност за децата.",
        means="Нужни са 1 240 000 евро за четири години от общинския бюджет и дарения.",
        results="Кучетата по улиците да са под 150 в края на 2030 г. и поне 250 животни годишно да намират дом.",
        eu_law=(
            "Проектът не въвежда акт на Европейския съюз и е съобразен с Европейската конвенция за защита на домашните "
            "любимци."
        ),
    ),
    opens_in=12,
    term=30,
    versions=(Version(written("sliven_zhivotni_1")),),
    translations={
        "en": Translation(
            "Programme for stray animals in Sliven Municipality, 2027–2030",
            "How to have fewer dogs without an owner, more adopted animals and a calm way to school.",
        ),
        "tr": Translation(
            "Sliven Belediyesi sahipsiz hayvanlar programı, 2027–2030",
            (
                "Sahipsiz köpeklerin azalması, daha çok hayvanın sahiplenilmesi ve okul yolunun huzurlu olması için ne "
                "yapılmalı?"
            ),
        ),
    },
)
