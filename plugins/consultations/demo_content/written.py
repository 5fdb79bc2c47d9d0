"""Reads the texts of the acts, kept beside this module as a clerk would paste them."""

from pathlib import Path

TEXTS = Path(__file__).with_name("texts")


def written(name: str) -> str:
    """The text of the act ``name`` ("zelena_sistema_1"), one paragraph a line."""
    return (TEXTS / f"{name}.txt").read_text(encoding="utf-8")
