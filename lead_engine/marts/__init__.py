"""What people see: suppressed tables and one page. The only package that publishes."""
