"""Substitute risk models fitted from claims (RM 8.1 to RM 8.11): design, cross-product, constrained solve, diagnostics, registry."""
