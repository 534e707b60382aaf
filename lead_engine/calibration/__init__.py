"""Substitute risk models fitted from claims (RM 8): design, cross-product, constrained solve, diagnostics, registry."""
