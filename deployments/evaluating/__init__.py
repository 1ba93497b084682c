"""How good what was learnt is, on files whose answers are known."""
