"""What calls into libraries mean, beyond what their names tell."""
