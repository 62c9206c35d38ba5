"""What the probe recorded, as calls with times."""
