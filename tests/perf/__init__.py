"""How long each step takes, beside merely reading its columns and beside DuckDB. `make perf` writes docs/performance.md."""
