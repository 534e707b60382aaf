"""CMS research identifiable files: pipe-delimited text with a header, one record a claim line or beneficiary-year."""
