"""`huiyin evaluate`: how good what was learnt is, a module for each task that is scored on a file."""
