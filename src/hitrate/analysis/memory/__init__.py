"""Memory of the base: written by one run of all tests, and used to run few of them."""
