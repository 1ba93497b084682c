"""The record: tables and migrations, hash-chained events, deliveries, claims, and the vault of personal data."""
