"""The categories of News in each town of the demonstration: every town names its own, all have Актуално."""

from plugins.news.demo_content.story import Category

LATEST = Category("aktualno", "Актуално", "Latest", "Güncel")
NOTICES = Category("obyavi", "Обяви", "Notices", "Duyurular")
PROJECTS = Category("proekti", "Проекти", "Projects", "Projeler")

CATEGORIES: dict[str, tuple[Category, ...]] = {
    "SZR31": (
        LATEST,
        NOTICES,
        PROJECTS,
        Category("kultura", "Култура", "Culture", "Kültür"),
        Category("gradska-sreda", "Градска среда", "Streets and parks", "Kent çevresi"),
    ),
    "BGS04": (
        LATEST,
        Category("more", "Море и плажове", "Sea and beaches", "Deniz ve plajlar"),
        Category("transport", "Транспорт", "Transport", "Ulaşım"),
        PROJECTS,
    ),
    "SLV20": (
        LATEST,
        NOTICES,
        Category("planina", "Планината", "The mountain", "Dağ"),
        Category("grizha", "Грижа за хората", "Care for people", "Sosyal destek"),
    ),
    "JAM26": (
        LATEST,
        Category("uchilishte-i-sport", "Училище и спорт", "School and sport", "Okul ve spor"),
        Category("kray-tundzha", "Край Тунджа", "Along the Tundzha", "Tunca kıyısı"),
    ),
}
