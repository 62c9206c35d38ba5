"""What the action keeps in the workspace, and where it may lie."""
