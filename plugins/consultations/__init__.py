"""Consultations: drafts by article, what people say of them, and what became of it."""
