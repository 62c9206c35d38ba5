"""Python source as it lies: definitions, names, who may carry a cache."""
