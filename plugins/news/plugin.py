"""The front door: what News brings."""

from consult.api import NavigationItem, Plugin, Slot, count_own, lazy_npgettext, lazy_pgettext
from plugins.news.demo import fill
from plugins.news.models import Category, Post
from plugins.news.outlets import CARDS
from plugins.news.policy import PERMISSIONS, SETTINGS
from plugins.news.views import FEED, pages

plugin = Plugin(
    name="news",
    title=lazy_pgettext("news", "News"),
    summary=lazy_pgettext("news", "A section “News” in the menu, the newest pieces on the home page, and a feed."),
    path="novini",
    keeps=lambda: lazy_npgettext("news", "%(num)d piece of news", "%(num)d pieces of news", count_own(Post)),
    pages=pages,
    navigation=(
        NavigationItem(
            lazy_pgettext("news", "News"), "news.posts", order=30, invitation=lazy_pgettext("news", "Read the news")
        ),
        NavigationItem(lazy_pgettext("news", "News"), "news.desk_list", "desk", "news", 30),
        NavigationItem(lazy_pgettext("news", "Categories of news"), "news.category_list", "desk", "news", 31),
        NavigationItem(lazy_pgettext("news", "New piece of news"), "news.desk_new", "make", "news", 30),
    ),
    cards=CARDS,
    publishes=(Post,),
    models=(Category,),
    permissions=PERMISSIONS,
    settings=SETTINGS,
    feeds=(FEED,),
    demo=fill,
    slots=(Slot("news.post_aside", ("post",), "Beside a piece of news."),),
)
