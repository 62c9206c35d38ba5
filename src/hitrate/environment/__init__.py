"""The project's environment: what installs it, and what runs its tests."""
