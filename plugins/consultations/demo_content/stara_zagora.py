"""Stara Zagora: the ordinance on green areas, open for opinions, with two versions beside the act of 2014."""

from plugins.consultations.demo_content.opinions_building import ON_BUILDING, ON_CONTROL
from plugins.consultations.demo_content.opinions_care import ON_NEIGHBOURS, ON_PRUNING_AND_HEALTH
from plugins.consultations.demo_content.opinions_parks import ON_PARKS
from plugins.consultations.demo_content.opinions_permission import ON_PERMISSION
from plugins.consultations.demo_content.opinions_trees import ON_PLANTING
from plugins.consultations.demo_content.opinions_whole import ON_THE_WHOLE
from plugins.consultations.demo_content.values import Reasons, Told, Translation, Version, Ways
from plugins.consultations.demo_content.written import written

GREEN_AREAS = Told(
    town="SZR31",
    procedure="ordinance",
    act_type="Наредба на Общинския съвет",
    title="Наредба за изграждане, поддържане и опазване на зелената система",
    short_title="Наредба за зелената система",
    lead=(
        "Новите правила казват кога може да се отсече дърво, колко дървета се садят на мястото му и кой се грижи за "
        "зеленото пред блока."
    ),
    changes=(
        "За всяко отсечено дърво се засаждат три нови в същия квартал. Досега бяха две.",
        "Преди отсичане на дървото стои табела поне 14 дни.",
        "Съседите могат да поемат зелена площ пред блока с безплатен договор.",
    ),
    affected="Собственици с дървета в двора, етажни собственици, строители и всички, които ползват парковете.",
    ask="Стигат ли три нови дървета? Какво ви е нужно, за да се грижите за площ пред блока?",
    policy_area="Околна среда",
    legal_basis="чл. 21, ал. 2 ЗМСМА; чл. 62, ал. 10 ЗУТ",
    mover="Кметът на община Стара Загора",
    unit="Отдел „Екология“",
    contact_role="Главен експерт „Зелена система“",
    ways=Ways(
        email="zelena.sistema@starazagora.example",
        postal_address="Община Стара Загора, отдел „Екология“, бул. „Цар Симеон Велики“ № 107",
        counter=(
            "Център за услуги, бул. „Цар Симеон Велики“ № 107, в работни дни от 8:30 до 17:00 ч. Можете и да "
            "продиктувате мнението си на 042 000 000."
        ),
    ),
    questions=(
        "Стигат ли три нови дървета за едно отсечено, или броят трябва да зависи от размера му?",
        "Какво ви е нужно, за да поемете грижата за площ пред блока?",
        "Къде във вашия квартал има място за нови дървета?",
        "Къде да бъде площадката за кучета?",
    ),
    promise="Включваме всяко мнение в справката до Общинския съвет и отговаряме на всички.",
    council_sitting="Редовно заседание",
    reasons=Reasons(
        causes=(
            "Наредбата от 2014 г. не казва кога хората научават за отсичането, не пази дърветата при строеж и не следи "
            "дали новите са живи. През последните три години са премахнати 1120 дървета, а от засадените 2240 след две "
            "лета са живи 1390."
        ),
        aims=(
            "Големите дървета да се пазят, новите да оцеляват, а решенията да се виждат навреме. Съседите, които искат "
            "да се грижат за зеленото, да могат да го правят по ясни правила."
        ),
        means=(
            "За картата и регистъра са нужни 85 000 евро еднократно и 12 000 евро годишно. Проверките се поемат от "
            "четирима служители, от които двама нови. Площадките за кучета струват около 14 000 евро всяка и се "
            "включват в бюджета."
        ),
        results=(
            "До 2030 г. очакваме поне осем от десет нови дървета да са живи на третата година, а сянката по главните "
            "пешеходни улици да се увеличи. Приходите от глоби се използват само за дървета."
        ),
        eu_law=(
            "Проектът не въвежда акт на Европейския съюз. Той е в съответствие с Европейската харта за местно "
            "самоуправление, а предоставянето на данните следва правилата на Съюза за отворените данни."
        ),
    ),
    opens_in=-14,
    term=30,
    act_in_force_title="Наредба за изграждане и опазване на зелената система (2014 г.)",
    act_in_force=written("zelena_sistema_2014"),
    versions=(
        Version(written("zelena_sistema_1")),
        Version(
            written("zelena_sistema_2"),
            day=6,
            note=(
                "След първите мнения добавихме телефон на табелата, три години грижа за новите дървета и ред за "
                "премахване на много дървета. Отпадна членът за обществените наблюдатели."
            ),
        ),
    ),
    opinions=(
        *ON_THE_WHOLE,
        *ON_PARKS,
        *ON_PERMISSION,
        *ON_PLANTING,
        *ON_NEIGHBOURS,
        *ON_PRUNING_AND_HEALTH,
        *ON_BUILDING,
        *ON_CONTROL,
    ),
    discussed_at=("Да поговорим за дърветата и зелените площи",),
    translations={
        "en": Translation(
            "Ordinance on creating, maintaining and protecting green areas",
            (
                "The new rules say when a tree may be felled, how many trees are planted in its place and who looks "
                "after the green in front of a block of flats."
            ),
        ),
        "tr": Translation(
            "Yeşil alanların kurulması, bakımı ve korunması yönetmeliği",
            (
                "Yeni kurallar bir ağacın ne zaman kesilebileceğini, yerine kaç ağaç dikileceğini ve apartman önündeki "
                "yeşil alana kimin bakacağını belirler."
            ),
        ),
    },
)
