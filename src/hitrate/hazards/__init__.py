"""Evidence that a cache would be wrong, and its sentences."""
