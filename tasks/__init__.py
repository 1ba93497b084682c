"""One verb each: load by id, ask casework, act once, record."""
