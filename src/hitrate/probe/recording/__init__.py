"""Records the calls of functions."""
