"""The report, one JSON document, and what renders it."""
