"""Numbers, nouns and plain text, as people read them."""
