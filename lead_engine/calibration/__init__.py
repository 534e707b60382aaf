"""Substitute risk models fitted from claims (RM 8.1 to RM 8.11): design, sums, constrained solve, diagnostics, registry."""
