import collections, copy, dataclasses, functools, importlib, json, operator, string, sys, types
from dataclasses import dataclass
import helper
from helper import stamp

def _burn(n=20000):
    total = 0
    for i in range(n):
        total += i * i
    return total
class V:
    def __init__(self):
        self.digits = 2
VV = V()
def by_vars(x):
    return str(vars(VV)['digits']) + x + str(_burn())

G_DIGITS = 2
def by_globals(x):
    return str(globals()['G_DIGITS']) + x + str(_burn())

def by_import(x):
    return str(importlib.import_module('conf3').DIGITS) + x + str(_burn())

import conf3
def by_sys_modules(x):
    return str(sys.modules['conf3'].LEVEL) + x + str(_burn())

@dataclass
class DC:
    digits: int = 2
DCC = DC()
def by_asdict(x):
    return str(dataclasses.asdict(DCC)) + x + str(_burn())

@dataclass
class RP:
    digits: int = 2
RPP = RP()
def by_repr(x):
    return repr(RPP) + x + str(_burn())

class J:
    def __init__(self):
        self.digits = 2
JJ = J()
def by_json(x):
    return json.dumps(JJ.__dict__) + x + str(_burn())

class L:
    def __init__(self):
        self.rows = [1]
    def __len__(self):
        return len(self.rows)
LL = L()
def by_len(x):
    return str(len(LL)) + x + str(_burn())

class I:
    def __init__(self):
        self.rows = [1]
    def __iter__(self):
        return iter(self.rows)
II = I()
def by_iter(x):
    return str(sum(II)) + x + str(_burn())

ALLOWED = {'a'}
def by_contains(x):
    return str('z' in ALLOWED) + x + str(_burn())

SP = {'digits': 2}
def by_splat(x):
    return str({**SP}) + x + str(_burn())

TM = {'digits': 2}
TPL = string.Template('$digits')
def by_template(x):
    return TPL.substitute(TM) + x + str(_burn())

FM = {'digits': 2}
def by_format_map(x):
    return '{digits}'.format_map(FM) + x + str(_burn())

MX = {'a': 1, 'b': 2}
def by_max(x):
    return max(MX, key=MX.get) + x + str(_burn())

HANDLERS = {'up': str.upper}
def by_handler(x):
    return HANDLERS['up'](x) + str(_burn())

class CP:
    def __init__(self):
        self.digits = 2
CPP = CP()
def by_copy(x):
    return str(copy.copy(CPP).digits) + x + str(_burn())

IG = {'digits': 2}
_get = operator.itemgetter('digits')
def by_itemgetter(x):
    return str(_get(IG)) + x + str(_burn())

RD = [1, 2]
def by_reduce(x):
    return str(functools.reduce(operator.add, RD)) + x + str(_burn())

class DM(dict):
    fallback = 2
    def __missing__(self, key):
        return self.fallback
DMM = DM()
def by_missing(x):
    return str(DMM['q']) + x + str(_burn())

def by_getattr_hook(x):
    return str(helper.dynamic) + x + str(_burn())

def own_patched(x):
    return str(helper.now()) + x + str(_burn())

def own_imported(x):
    return str(stamp()) + x + str(_burn())

def own_method(x):
    return helper.Fmt().render() + x + str(_burn())

def own_class(x):
    return str(helper.Client().get()) + x + str(_burn())

def _local_rate():
    return 3
def own_local(x):
    return str(_local_rate()) + x + str(_burn())
