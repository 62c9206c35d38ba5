"""Has the name of a file that belongs to somebody else (see test_swapped_folder.py)."""


def slow(number):
    """Something worth caching."""
    return sum(step % (number + 1) for step in range(20000))
