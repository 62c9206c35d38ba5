"""``hitrate init``: the step in a repository's own workflow, or a workflow of its own."""
