"""Existing caches are lifted and winners tried, round after round, until verdicts hold."""
