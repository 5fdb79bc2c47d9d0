"""Fills a town of the demonstration with categories and stories, through the operations that the staff use."""

from __future__ import annotations

from consult.api import SOFIA, Town, archive, db, here, now, open_towns, publish, schedule, share, withdraw, write
from plugins.news.demo_content import CATEGORIES, STORIES, Story
from plugins.news.models import Category, Post
from plugins.news.operations import name_category


def fill(town: Town) -> None:
    """Adds the categories and stories of ``town``, oldest first; the caller is inside it and commits."""
    keys: dict[str, Category] = {}
    for category in CATEGORIES.get(town.code, ()):
        keys[category.key] = name_category(category.name_bg, category.name_en, category.name_tr)
    db.session.flush()
    moment = now().astimezone(SOFIA)
    told = [story for story in STORIES if story.town == town.code and story.state != "draft"]
    for story in sorted(told, key=lambda story: story.moment(moment)):
        _tell(story, keys[story.category].key)
    for story in STORIES:
        if story.town == town.code and story.state == "draft":
            _write(story, keys[story.category].key)


def _write(story: Story, topic: str) -> Post:
    post = Post(
        title=story.title,
        short_title=story.short_title,
        lead=story.lead,
        body=story.body,
        office=story.office,
        topic=topic,
    )
    translations = {
        language: {"title": one.title, "lead": one.lead, "body": one.body}
        for language, one in story.translations.items()
    }
    write(post, translations)
    return post


def _tell(story: Story, topic: str) -> None:
    post, moment = _write(story, topic), story.moment(now().astimezone(SOFIA))
    share(post, [town for town in open_towns() if town.code in story.shared_with and town.id != here().id])
    if story.state == "scheduled":
        schedule(post, moment)
        return
    publish(post, on=moment)
    if story.state == "archived":
        archive(post)
    if story.state == "withdrawn":
        withdraw(post, story.withdrawn_reason)
