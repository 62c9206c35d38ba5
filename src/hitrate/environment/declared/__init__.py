"""What a project's own files say of its tests: read, and nothing of them is run."""
