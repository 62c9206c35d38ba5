"""Notes which tests reach which functions and files of the tree."""
