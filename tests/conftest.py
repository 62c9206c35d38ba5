"""Settings that hold for every test."""

from hypothesis import settings

# A deadline would make every property a timed test: machines are noisy.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
