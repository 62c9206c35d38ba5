"""File work where others have been: nothing is followed out of a tree."""
