"""Regulated numbers as data: load, validate, resolve for a year, override, fingerprint. Never imports Spark."""
