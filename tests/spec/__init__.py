"""The specification: one file a rule, both engines on the same drawn cases."""
