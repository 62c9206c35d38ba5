"""Paths under which the system tells how it is now: devices, interfaces, mounts, processes. Pure.

What it tells there for good (``/proc/cpuinfo``, ``/proc/self/cgroup``, a device by its name) is none of it.
"""

import re

_LIVE = re.compile(
    r"/dev(/(pts|disk|shm|input|snd|mapper|bus|block|char|serial|net|dri)(/by-[^/]+)?)?"
    r"|/proc(/(\d+|self)/(fd|task|net(/.*)?|stat|statm|io|mounts))?"
    r"|/proc/(mounts|net(/.*)?|stat|uptime|loadavg|diskstats|swaps|partitions|interrupts|vmstat|locks)"
    r"|/sys/(block|class/[^/]+|bus/[^/]+/devices)"
    r"|/sys/class/(power_supply|thermal|hwmon|net)/.+"
    r"|/etc/mtab|(/var)?/run/(utmp|user)"
)


def is_live(path: str) -> bool:
    """Whether what is read at a path may be another thing a moment later, whoever writes there."""
    return _LIVE.fullmatch(path) is not None
