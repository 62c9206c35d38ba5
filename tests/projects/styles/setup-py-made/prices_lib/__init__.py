"""A small table of prices."""
