"""The door for a WSGI server: ``granian --interface wsgi wsgi:app``."""

from consult.app import create_app
from consult.migrations import name_missing_plugins

app = create_app()
name_missing_plugins(app)
