"""Counts what real caches do."""
