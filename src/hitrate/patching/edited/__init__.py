"""Files that their user edited while they were patched."""
