"""Which job gets the step, and what the step needs there."""
