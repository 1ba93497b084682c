"""Tables of contents: the flows, and nothing but."""
