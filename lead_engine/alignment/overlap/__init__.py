"""Overlap with other CMS models: of Participant TINs (ALN-44) and of people, month by month (ALN-45)."""
