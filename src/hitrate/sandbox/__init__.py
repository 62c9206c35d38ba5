"""Keeps the project's code away from Hitrate and its token."""
