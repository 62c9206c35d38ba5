"""Simulates lru_cache over a trace, for any size and any set of functions."""
