"""`huiyin evaluate`: a module for each task that is scored on a file."""
