"""Medicaid-based alignment (ALN-66): route M, off unless a run turns it on."""
