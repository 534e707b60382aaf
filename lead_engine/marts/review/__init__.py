"""Data review: what a load brought, for an actuary to judge and sign (ASOP 23)."""
