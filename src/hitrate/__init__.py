"""Hitrate measures which functions deserve ``functools.lru_cache``, and which caches are wrong."""

__version__ = "0.1.0"
