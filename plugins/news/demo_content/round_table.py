"""The round table of 2 July 2020, retold from the facts of its notice: the story with which the platform began."""

from datetime import date

from plugins.news.demo_content.story import Story, Translation

ROUND_TABLE = Story(
    town="SZR31",
    shared_with=("BGS04", "SLV20", "JAM26"),
    category="aktualno",
    office="Дирекция „Европейски проекти“",
    # The notice itself bears no date; it came out in the second half of June.
    published_on=date(2020, 6, 22),
    title=(
        "Кръгла маса „Подобряване на взаимодействието между местната власт и гражданското общество "
        "при разработване на политики на местно ниво“"
    ),
    short_title="Кръгла маса: общините и гражданските организации, 2 юли",
    lead=(
        "На 2 юли 2020 г. в Стара Загора представяме какво показа проучването на гражданското участие в четири града "
        "и какво препоръчват авторите му. Каним гражданските организации и всички, които искат да чуят и да попитат."
    ),
    body="""\
- **Кога:** четвъртък, 2 юли 2020 г., от 09:00 ч.
- **Зала:** „П. Р. Славейков“
- **Сграда:** Община Стара Загора
- **Адрес:** бул. „Цар Симеон Велики“ № 107

# Какво проучихме

Общините Стара Загора, Бургас, Сливен и Ямбол са членове на Сдружението на общините от Югоизточен регион (СОЮР).
Заедно работят по проекта „Прилагане на модели и политики за насърчаване на гражданското участие за отговорно,
споделено и динамично управление на местно ниво“.

Досега по проекта са готови:

- проучване и анализ на това доколко хората участват, когато местните политики се съставят, изпълняват и проследяват;
- регионални карти на неправителствените организации: с какво се занимават, какво ги интересува, колко са активни.

# Защо

Искахме да видим три неща:

1. какво не достига на участието и къде има сили за повече;
2. кои български и чужди примери са успешни и могат да се приложат при нас;
3. какъв е опитът на жителите на градските ареали в СОЮР, когато работят с общините.

На кръглата маса ще чуете основните заключения и препоръки от докладите.

# Как да се запишете

Потвърдете участието си на [uchastvay@starazagora.example](mailto:uchastvay@starazagora.example). На същия адрес
отговаряме и на въпроси.

Проектът се финансира от Оперативна програма „Добро управление“ 2014–2020 г.
""",
    translations={
        "en": Translation(
            "Round table “Better cooperation between local government and civil society in making local policies”",
            "On 2 July 2020 in Stara Zagora we present what a study of civic participation in four cities found "
            "and what its authors recommend. Civic organisations and everyone who wants to listen and ask are "
            "invited.",
            """\
- **When:** Thursday, 2 July 2020, from 09:00
- **Hall:** P. R. Slaveykov
- **Building:** Municipality of Stara Zagora
- **Address:** 107 Tsar Simeon Veliki Blvd

# What was studied

The municipalities of Stara Zagora, Burgas, Sliven and Yambol belong to the Association of Municipalities of the
Southeastern Region (SOYUR). Together they carry out the project “Applying models and policies that encourage civic
participation for responsible, shared and dynamic local government”.

Two things are ready so far:

- a survey and analysis of how far people take part when local policies are drawn up, carried out and followed up;
- regional maps of non-governmental organisations: what they do, what interests them, how active they are.

# Why

To learn what participation lacks and where it could grow, to find practices in Bulgaria and abroad that work, and to
study what residents of the urban areas have experienced in dealing with their municipalities. The round table presents
the main conclusions and recommendations of the reports.

# How to register

Please confirm at [uchastvay@starazagora.example](mailto:uchastvay@starazagora.example). Questions are answered at the
same address.

The project is financed by the Operational Programme “Good Governance” 2014–2020.
""",
        ),
        "tr": Translation(
            "Yuvarlak masa: “Yerel politikaların hazırlanmasında yerel yönetim ile sivil toplum iş birliğinin "
            "geliştirilmesi”",
            "2 Temmuz 2020’de Stara Zagora’da, dört kentte vatandaş katılımı üzerine yapılan araştırmanın "
            "sonuçlarını ve önerilerini sunuyoruz. Sivil toplum kuruluşlarını ve dinlemek, soru sormak isteyen "
            "herkesi bekliyoruz.",
            """\
- **Ne zaman:** 2 Temmuz 2020 Perşembe, saat 09:00
- **Salon:** “P. R. Slaveykov”
- **Bina:** Stara Zagora Belediyesi
- **Adres:** Tsar Simeon Veliki Bulvarı No 107

# Ne araştırıldı

Stara Zagora, Burgaz, Sliven ve Yambol belediyeleri, Güneydoğu Bölgesi Belediyeler Birliği’nin (SOYUR) üyesidir.
Birlikte “Yerel düzeyde sorumlu, paylaşılan ve dinamik yönetim için vatandaş katılımını teşvik eden model ve
politikaların uygulanması” projesini yürütüyorlar.

Şimdiye kadar iki çalışma tamamlandı:

- yerel politikalar hazırlanırken, uygulanırken ve izlenirken halkın ne ölçüde katıldığına dair araştırma ve analiz;
- sivil toplum kuruluşlarının bölgesel haritaları: ne yaptıkları, nelerle ilgilendikleri, ne kadar etkin oldukları.

Yuvarlak masada raporların temel sonuçları ve önerileri sunulacak.

# Nasıl kayıt olunur

Katılımınızı [uchastvay@starazagora.example](mailto:uchastvay@starazagora.example) adresine yazarak onaylayınız.
Sorularınızı da aynı adresten yanıtlıyoruz.

Proje, 2014–2020 “İyi Yönetim” Operasyonel Programı tarafından finanse edilmektedir.
""",
        ),
    },
)
