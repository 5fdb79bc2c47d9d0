"""The door for a WSGI server: ``granian --interface wsgi wsgi:app``."""

import gc

from consult.app import create_app
from consult.migrations import name_missing_plugins

app = create_app()
name_missing_plugins(app)

# What was made until now stays for good: the collector need not look through it again, nor after every few rows.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
