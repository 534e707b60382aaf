"""lead_engine: from raw Medicare claims to every number of the CMS LEAD model."""

__version__ = "0.1.0"
