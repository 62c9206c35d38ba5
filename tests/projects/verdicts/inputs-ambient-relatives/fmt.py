import logging
def _burn(n=15000):
    total = 0
    for i in range(n):
        total += i * i
    return total


LOG = logging.getLogger("fmt")
def render(name):
    _burn()
    if LOG.isEnabledFor(logging.DEBUG):
        return "<%s (debug)>" % name
    return "<%s>" % name
