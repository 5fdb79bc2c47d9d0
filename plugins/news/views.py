"""What is shown: the list, one post, the feed, and the staff's page of categories."""

from __future__ import annotations

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from consult.api import (
    Feed,
    Pages,
    PublicationForm,
    Workbench,
    attachments_of,
    db,
    feed_entry,
    json_ld,
    language,
    lazy_pgettext,
    listing,
    read_cursor,
    read_topic,
    recent,
    render_feed,
    say_cursor,
    shown_or_404,
    tell,
)
from plugins.news.forms import CategoryForm
from plugins.news.models import Category, Post
from plugins.news.operations import name_category, rename_category
from plugins.news.queries import categories, category_names

pages = Pages("news", __name__)

Workbench(
    kind=Post,
    form=PublicationForm,
    path="novini",
    new_word="nova",
    may_write="news.write",
    may_withdraw="news.withdraw",
    title=lazy_pgettext("news", "News"),
    new_title=lazy_pgettext("news", "New piece of news"),
    article="news/_article.html",
    view_endpoint="news.post",
    topics=lambda: list(category_names("bg").items()),
).attach(pages)


FEED = Feed(
    "news.feed",
    lazy_pgettext("news", "News"),
    lambda topic: [feed_entry(post, "news.post_with_tail") for post in listing(Post, topic).items],
)


@pages.get("/novini", may="public")
def posts() -> ResponseReturnValue:
    """The list, newest first, of one category (``kategoria``) or of all."""
    names = category_names(language())
    topic = read_topic(names)
    page = listing(Post, topic, after=read_cursor())
    return render_template("news/list.html", page=page, topic=topic, categories=names, say_cursor=say_cursor)


@pages.get("/novini/<number:number>", may="public")
@pages.get("/novini/<number:number>/<tail>", may="public", endpoint="post_with_tail")
def post(number: int, tail: str = "") -> ResponseReturnValue:
    """One post. A wrong tail of the address leads to the right one; a withdrawn post shows its tombstone."""
    found = shown_or_404(Post, number, tail, "news.post_with_tail")
    if found.withdrawn_at is not None:
        return render_template("news/withdrawn.html", post=found), 410
    return render_template(
        "news/post.html",
        post=found,
        categories=category_names(language()),
        more=recent(Post, 4, found.topic, but=number) if found.topic else (),
        latest=recent(Post, 8, but=number),
        files=attachments_of(found),
        data=json_ld(found, "NewsArticle", "news.post_with_tail"),
    )


@pages.get("/novini.atom", may="public")
def feed() -> ResponseReturnValue:
    """The feed of all news, or of one category (``kategoria``)."""
    names = category_names(language())
    topic = read_topic(names)
    return render_feed(FEED, topic, names.get(topic or "", ""))


@pages.route("/rabota/novini/kategorii", methods=["GET", "POST"], may="news.name_categories")
def category_list() -> ResponseReturnValue:
    """The categories of this municipality, and a form for one more."""
    form = CategoryForm.of_request()
    if form.is_sent_well():
        with form.catching():
            name_category(form.name_bg.data, form.name_en.data, form.name_tr.data)
            tell(lazy_pgettext("news", "The category is added."))
            return redirect(url_for("news.category_list"), 303)
    return render_template("news/categories.html", form=form, categories=categories()), form.status


@pages.route("/rabota/novini/kategorii/<number:number>", methods=["GET", "POST"], may="news.name_categories")
def category(number: int) -> ResponseReturnValue:
    """Other names for one category."""
    found = db.session.get(Category, number) or abort(404)
    form = CategoryForm.of_request(found)
    if form.is_sent_well():
        with form.catching():
            rename_category(found, form.name_bg.data, form.name_en.data, form.name_tr.data)
            tell(lazy_pgettext("news", "The category is renamed."))
            return redirect(url_for("news.category_list"), 303)
    return render_template("news/category.html", form=form, category=found), form.status
