"""Passes over the tests in one process, caches switched between them."""
