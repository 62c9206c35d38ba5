"""Says what is going on: on a terminal, in a job's log."""
