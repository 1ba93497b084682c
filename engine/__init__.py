"""The door to Prefect from outside a run: runs created, woken and read by name and id through its API."""
