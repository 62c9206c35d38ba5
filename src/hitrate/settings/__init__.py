"""Inputs, options and the config file as one frozen model."""
