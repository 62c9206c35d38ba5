"""Checkouts, clones and the private tree."""
