import functools
@functools.cache
def mounts():
    with open("/proc/mounts") as f:
        return tuple(line.split()[1] for line in f)
