"""Commands for who makes plugins: a new one, what hangs together, one request step by step, taking one out."""

COMMANDS = ()
