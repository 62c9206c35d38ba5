import math
import platform
import time
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def host():
    return platform.node()
def place(name):
    return _burn() + math.sqrt(len(name))
def wait():
    time.sleep(1)
