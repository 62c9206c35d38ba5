"""What functions reach by name besides their arguments: read flat, bounded, and compared over time."""
