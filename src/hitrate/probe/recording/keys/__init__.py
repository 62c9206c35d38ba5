"""The arguments of calls as keys: what is kept of them, and which are alike."""
