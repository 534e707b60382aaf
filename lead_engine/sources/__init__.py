"""Deliveries and lists from outside. The only place that knows a supplier's column names."""
