"""Plain-Python ground everything stands on: months, identifiers, errors, YAML, source hashes. Never imports Spark."""
