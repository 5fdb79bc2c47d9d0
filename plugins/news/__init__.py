"""News: what a municipality has to tell."""
