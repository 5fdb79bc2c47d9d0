"""The round table of 2 July 2020, from the facts of its notice; the private contact of the notice is not kept."""

from datetime import date, time

from plugins.events.demo_content.meeting import Meeting, Translation

ROUND_TABLE = Meeting(
    town="SZR31",
    kind="krugla-masa",
    shared_with=("BGS04", "SLV20", "JAM26"),
    office="Дирекция „Европейски проекти“",
    on=date(2020, 7, 2),
    at=time(9),
    minutes=0,  # the notice does not say until when
    title=(
        "Кръгла маса „Подобряване на взаимодействието между местната власт и гражданското общество "
        "при разработване на политики на местно ниво“"
    ),
    short_title="Кръгла маса: общините и гражданските организации",
    lead=(
        "Представяме основните заключения и препоръки от проучването на гражданското участие в Стара Загора, Бургас, "
        "Сливен и Ямбол."
    ),
    body="""\
Общините Стара Загора, Бургас, Сливен и Ямбол, членове на Сдружението на общините от Югоизточен регион (СОЮР), заедно
изпълняват проекта „Прилагане на модели и политики за насърчаване на гражданското участие за отговорно, споделено и
динамично управление на местно ниво“.

# Какво е направено по проекта

- проучване и анализ на гражданското участие, когато местните политики се съставят, изпълняват и проследяват;
- регионални карти на неправителствените организации: предмет на дейност, основни интереси и обществена активност.

# Какво ще обсъдим

- какво не достига на участието и къде има възможности за повече;
- кои международни и национални практики са успешни;
- какъв е опитът на жителите на градските ареали, когато работят с общините.

Проектът се финансира от Оперативна програма „Добро управление“ 2014–2020 г.
""",
    words={
        "room": "Зала „П. Р. Славейков“",
        "building": "Община Стара Загора",
        "address": "бул. „Цар Симеон Велики“ № 107",
        "organisers": "SZR31 BGS04 SLV20 JAM26",
        "partners": "Сдружение на общините от Югоизточен регион (СОЮР)",
        "contact_email": "uchastvay@starazagora.example",
    },
    translations={
        "en": Translation(
            "Round table “Better cooperation between local government and civil society in making local policies”",
            "The main conclusions and recommendations of the study of civic participation in Stara Zagora, Burgas, "
            "Sliven and Yambol.",
            """\
The municipalities of Stara Zagora, Burgas, Sliven and Yambol, members of the Association of Municipalities of the
Southeastern Region (SOYUR), carry out together the project “Applying models and policies that encourage civic
participation for responsible, shared and dynamic local government”.

Under the project civic participation was surveyed and analysed, and regional maps of non-governmental organisations
were made. The round table presents what was found and recommended.

The project is financed by the Operational Programme “Good Governance” 2014–2020.
""",
        ),
        "tr": Translation(
            "Yuvarlak masa: “Yerel politikaların hazırlanmasında yerel yönetim ile sivil toplum iş birliğinin "
            "geliştirilmesi”",
            "Stara Zagora, Burgaz, Sliven ve Yambol’da vatandaş katılımı araştırmasının temel sonuçları ve önerileri.",
            """\
Güneydoğu Bölgesi Belediyeler Birliği (SOYUR) üyesi Stara Zagora, Burgaz, Sliven ve Yambol belediyeleri “Yerel düzeyde
sorumlu, paylaşılan ve dinamik yönetim için vatandaş katılımını teşvik eden model ve politikaların uygulanması”
projesini birlikte yürütüyor.

Proje kapsamında vatandaş katılımı araştırıldı ve sivil toplum kuruluşlarının bölgesel haritaları hazırlandı. Yuvarlak
masada sonuçlar ve öneriler sunulacak.

Proje, 2014–2020 “İyi Yönetim” Operasyonel Programı tarafından finanse edilmektedir.
""",
        ),
    },
)
