"""Breaking the running system on purpose: its parts are killed at random moments of a demo, and nothing may be lost."""
