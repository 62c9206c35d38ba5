"""Patches a tree and puts it back byte by byte, whatever happens."""
