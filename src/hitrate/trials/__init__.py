"""A/B measurements: the tests without and with real caches."""
