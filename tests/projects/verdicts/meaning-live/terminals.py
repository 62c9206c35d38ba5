import functools, glob, os
@functools.lru_cache(maxsize=None)
def terminal_map():
    ret = {}
    for name in glob.glob("/dev/tty*") + glob.glob("/dev/pts/*"):
        try:
            ret[os.stat(name).st_rdev] = name
        except FileNotFoundError:
            pass
    return ret
def name_of(number):
    return terminal_map().get(number)
