"""Claim and Claim Line Feed: the fixed-width files CMS sends an ACO every month."""
