"""Puts the stages together: one effort, one Report."""
