"""Runs the test command, whole or narrowed, and reads what it prints."""
