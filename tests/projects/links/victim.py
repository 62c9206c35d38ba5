"""What the pull request changes."""


def slow(number):
    """Something worth caching."""
    total = 0
    for step in range(20000):
        total += step % (number + 1)
    return total
