"""One function's calls: each result is compared, each effect is noted."""
