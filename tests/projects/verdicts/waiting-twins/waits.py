"""Functions that do wait, whatever the machine does."""

import queue
import select
import threading
import time


def fetch(name):
    time.sleep(0.01)
    return name.upper()


def polled(count):
    select.select([], [], [], 0.01)
    return count + 1


def signalled(count):
    threading.Event().wait(0.01)
    return count * 2


def asked(name):
    try:
        queue.Queue().get(timeout=0.01)
    except queue.Empty:
        return len(name)
    raise AssertionError


def mixed(number):
    state = 1
    for step in range(3000):
        state = (state * 48271 + step) % 2147483647
    time.sleep(0.008)
    return number + state * 0
