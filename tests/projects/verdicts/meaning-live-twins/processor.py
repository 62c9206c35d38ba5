import functools
@functools.cache
def flags():
    with open("/proc/version") as f:
        version = f.read()
    with open("/proc/cpuinfo") as f:
        for line in f:
            if line.startswith(("flags", "Features")):
                return version, frozenset(line.split(":")[1].split())
    return version, frozenset()
