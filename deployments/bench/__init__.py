"""Measurements: each starts a stack of its own in an empty folder, measures side by side in one run, and ends it.

Figures are of this machine and this moment. What may be compared are figures of one run.
"""
