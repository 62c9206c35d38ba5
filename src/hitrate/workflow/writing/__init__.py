"""The step in a workflow's text, or a workflow of its own."""
