"""The whole action on a small sample pull request, with no network."""
