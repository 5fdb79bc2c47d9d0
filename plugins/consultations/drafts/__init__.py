"""Draft texts as structure: what a text is made of, how it is read, matched with another version and compared."""
