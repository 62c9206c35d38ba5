import functools, os
@functools.cache
def modules():
    here = os.path.dirname(os.path.abspath(__file__))
    return tuple(sorted(name for name in os.listdir(here) if name.endswith(".py")))
