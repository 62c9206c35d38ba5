import functools
import logging
import warnings

logger = logging.getLogger(__name__)


@functools.lru_cache(maxsize=None)
def log_once(message):
    logger.warning(message)


@functools.cache
def deprecated(name):
    warnings.warn(f"{name} goes away", FutureWarning, stacklevel=3)


def load(path):
    if path.endswith(".ini"):
        log_once("ini files are old")
    return path.rpartition(".")[0]


def old(name):
    deprecated(name)
    return name.lower()
