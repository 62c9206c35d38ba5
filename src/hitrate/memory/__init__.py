"""What a run on the base branch learnt, so that a pull request's tests need not all be run."""
