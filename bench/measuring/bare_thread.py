"""What the thread is measured against: a minimal Flask page that renders the same twenty opinions in two queries."""

from __future__ import annotations

import os
from itertools import groupby

from flask import Flask, render_template
from jinja2 import DictLoader
from sqlalchemy import bindparam, create_engine, select

from consult.db import Base
from plugins.consultations.models import Opinion

DATABASE, PUBLICATION, TOWN = "BENCH_DATABASE", "BENCH_PUBLICATION", "BENCH_TOWN"
CONTRIBUTION, OPINION = Base.metadata.tables["contribution"], Base.metadata.tables[Opinion.__tablename__]
PAGE = """<!doctype html>
<html lang="bg"><head><meta charset="utf-8"><title>Мнения</title></head><body><h1>Мнения</h1>
<ol>{% for opinion in opinions %}
<li id="m{{ opinion.id }}">{% if opinion.standing == 'published' %}<article>
<p><b>{{ opinion.name }}</b>, {{ opinion.home }}, <a href="/mnenia/{{ opinion.id }}">
<time datetime="{{ opinion.received_at.isoformat() }}">{{ opinion.received_at.strftime('%d.%m.%Y %H:%M') }}</time></a>
</p>
<p>{{ opinion.stance }} {{ opinion.label }}</p>
<div>{{ opinion.text_html|safe }}</div>
<p><a href="/mnenia/{{ opinion.id }}/saglasni">Съгласни {{ opinion.agreed }}</a>
<a href="/mnenia/{{ opinion.id }}/otgovor">Отговор</a> <a href="/mnenia/{{ opinion.id }}/signal">Сигнал</a></p>
</article>{% else %}<p>Мнение № {{ opinion.id }}: {{ opinion.reason }}</p>{% endif %}
<ol>{% for reply in replies.get(opinion.id, ()) %}<li id="m{{ reply.id }}"><b>{{ reply.name }}</b>
<time datetime="{{ reply.received_at.isoformat() }}">{{ reply.received_at.strftime('%d.%m.%Y %H:%M') }}</time>
<div>{{ reply.text_html|safe }}</div></li>{% endfor %}</ol>
{% if opinion.replies > 3 %}<a href="/mnenia/{{ opinion.id }}">Още {{ opinion.replies - 3 }}</a>{% endif %}</li>
{% endfor %}</ol></body></html>
"""


def application() -> Flask:
    """``/thread``: the newest twenty opinions and to each its first three replies. In autocommit, without an ORM."""
    app, number = Flask("bare thread", static_folder=None), int(os.environ[PUBLICATION])
    app.jinja_loader, url = DictLoader({"thread.html": PAGE}), os.environ[DATABASE]
    wall = {"options": f"-c consult.town={os.environ[TOWN]}"} if url.startswith("postgresql") else {}
    engine = create_engine(url, isolation_level="AUTOCOMMIT", connect_args=wall)
    said = select(CONTRIBUTION, OPINION.c.label).join(OPINION, OPINION.c.id == CONTRIBUTION.c.id)
    its = (CONTRIBUTION.c.publication_id == number, CONTRIBUTION.c.is_listed.is_(True))
    newest = said.where(*its).order_by(CONTRIBUTION.c.id.desc()).limit(21)
    answers = (
        said.where(CONTRIBUTION.c.reply_to_id.in_(bindparam("numbers", expanding=True)))
        .where(CONTRIBUTION.c.reply_number.between(1, 3))
        .order_by(CONTRIBUTION.c.reply_to_id, CONTRIBUTION.c.reply_number)
    )

    @app.get("/thread")
    def thread() -> str:
        with engine.connect() as connection:
            opinions = connection.execute(newest).all()[:20]
            found = connection.execute(answers, {"numbers": [one.id for one in opinions]}).all()
        replies = {number: list(few) for number, few in groupby(found, key=lambda reply: reply.reply_to_id)}
        return render_template("thread.html", opinions=opinions, replies=replies)

    return app
