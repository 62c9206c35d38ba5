"""The step on GitHub: the runner's event and inputs in, files, outputs and the comment out."""
