"""Risk scores of people: profile, eligible diagnoses, hierarchies, terms, raw score. Every model is data."""
