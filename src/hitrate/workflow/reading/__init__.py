"""What a workflow's text says: its jobs, their rows and steps, and what those run."""
