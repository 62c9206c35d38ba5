import argparse, functools, logging, os, threading
LOG = logging.getLogger("m")
KINDS = {}
STARTED = []
@functools.lru_cache(maxsize=1)
def app():
    return {"routes": []}
@functools.cache
def lock(name):
    return threading.Lock()
class S:
    @classmethod
    @functools.cache
    def instance(cls):
        return cls()
@functools.cache
def ensure(path):
    os.makedirs(path, exist_ok=True)
@functools.cache
def log_once(text):
    LOG.warning(text)
@functools.cache
def register(name):
    KINDS[name] = len(KINDS)
@functools.cache
def init(name):
    STARTED.append(name)
    return True
@functools.cache
def parser():
    p = argparse.ArgumentParser()
    p.add_argument("--x")
    return p
