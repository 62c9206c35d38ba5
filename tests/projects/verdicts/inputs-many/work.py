import argparse, collections, configparser, contextvars, enum, os, threading, types
from dataclasses import dataclass, replace
def _burn(n=20000):
    total = 0
    for i in range(n):
        total += i * i
    return total
CONFIG = {'fmt': {'digits': 2}}
def nested_dict(x):
    return str(CONFIG['fmt']['digits']) + x + str(_burn())

INI = configparser.ConfigParser()
INI.read_string('[fmt]\ndigits = 2')
def parser(x):
    return INI['fmt']['digits'] + x + str(_burn())

@dataclass(frozen=True)
class Conf:
    digits: int = 2
CONF = Conf()
def frozen_replaced(x):
    return str(CONF.digits) + x + str(_burn())

ARGS = argparse.Namespace(digits=2)
def argparse_space(x):
    return str(ARGS.digits) + x + str(_burn())

class O:
    digits = 2
OPTS = O()
def get_by_name(x):
    return str(getattr(OPTS, 'dig' + 'its')) + x + str(_burn())

class Settings:
    _one = None
    def __init__(self):
        self.digits = 2
    @classmethod
    def get(cls):
        if cls._one is None:
            cls._one = cls()
        return cls._one
def class_method(x):
    return str(Settings.get().digits) + x + str(_burn())

class F(enum.Flag):
    A = 1
    B = 2
MODE = F.A
def flags(x):
    return str(bool(MODE & F.B)) + x + str(_burn())

Pt = collections.namedtuple('Pt', 'digits')
PT = [Pt(2)]
def named(x):
    return str(PT[0].digits) + x + str(_burn())

CHAIN = collections.ChainMap({}, {'digits': 2})
def chain(x):
    return str(CHAIN['digits']) + x + str(_burn())

_RAW = {'digits': 2}
VIEW = types.MappingProxyType(_RAW)
def proxy_map(x):
    return str(VIEW['digits']) + x + str(_burn())

def _make():
    digits = 2
    def get():
        return digits
    def set_(new):
        nonlocal digits
        digits = new
    return get, set_
get_digits, set_digits = _make()
def closed(x):
    return str(get_digits()) + x + str(_burn())

class P:
    def __init__(self):
        self._d = 2
    @property
    def digits(self):
        return self._d
PROP = P()
def behind_property(x):
    return str(PROP.digits) + x + str(_burn())

class D:
    def __get__(self, obj, kind=None):
        return obj.store['digits']
class Q:
    digits = D()
    def __init__(self):
        self.store = {'digits': 2}
QQ = Q()
def descriptor(x):
    return str(QQ.digits) + x + str(_burn())

class C:
    def __init__(self):
        self.d = 2
    def __call__(self):
        return self.d
current = C()
def dunder_call(x):
    return str(current()) + x + str(_burn())

class G:
    def __init__(self):
        self.rows = {'digits': 2}
    def __getitem__(self, key):
        return self.rows[key]
GG = G()
def dunder_getitem(x):
    return str(GG['digits']) + x + str(_burn())

STACK = [{'digits': 2}]
def stack_top(x):
    return str(STACK[-1]['digits']) + x + str(_burn())
