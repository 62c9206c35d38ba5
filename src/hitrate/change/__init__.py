"""What a pull request changes: files, lines, functions."""
