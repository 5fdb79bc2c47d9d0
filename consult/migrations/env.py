"""What Alembic runs for each command: our metadata, our connection, one transaction."""

from __future__ import annotations

from alembic import context

from consult.db import Base

config = context.config


def _is_of_the_branch(thing: object, name: str | None, type_: str, _reflected: bool, _other: object) -> bool:
    """Autogeneration for one plugin sees that plugin's tables only; for the core, those of no plugin."""
    if type_ != "table" or name is None:
        return True
    prefixes = config.attributes.get("prefixes", ())
    wanted = config.attributes.get("prefix")
    if wanted:
        return name.startswith(f"{wanted}_")
    return not any(name.startswith(f"{prefix}_") for prefix in prefixes)


context.configure(
    connection=config.attributes["connection"],
    target_metadata=Base.metadata,
    include_object=_is_of_the_branch,
    render_as_batch=False,
)
with context.begin_transaction():
    context.run_migrations()
