"""Looks for proof that a cache would be wrong, while calls are really computed."""
