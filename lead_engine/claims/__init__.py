"""What claims say before any ACO comes in: which count, and what was spent when."""
