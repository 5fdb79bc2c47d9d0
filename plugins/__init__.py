"""The bundled plugins, each folder complete; an installed one elsewhere is found by its entry point."""
