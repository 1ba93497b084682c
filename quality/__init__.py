"""Data checked before it is believed: the catalogue, the ledger; Great Expectations judges, and names the rows."""
