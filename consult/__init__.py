"""Consult, the core: it knows municipalities, people and the three nouns, and no plugin."""
