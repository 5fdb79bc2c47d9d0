"""Commands for who makes plugins: a new one, what hangs together, one request step by step, taking one out."""

from consult.cli.plugin_work.hooks import hooks
from consult.cli.plugin_work.making import new_plugin
from consult.cli.plugin_work.removing import remove_plugin
from consult.cli.plugin_work.tour import tour

COMMANDS = (new_plugin, hooks, tour, remove_plugin)
