"""Observed runs that did not get to their end, and what can still be had of them."""
