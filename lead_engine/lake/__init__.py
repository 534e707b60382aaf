"""The only package that touches Delta: sessions, tables, verification, ledger, checked joins."""
