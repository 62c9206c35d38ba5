"""Verdicts, the gate, and the edits they advise."""
