"""The door for a WSGI server: ``granian --interface wsgi wsgi:app``."""

from consult.app import create_app

app = create_app()
