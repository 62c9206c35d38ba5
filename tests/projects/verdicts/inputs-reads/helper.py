_VALUES = {'dynamic': 2}
def __getattr__(name):
    try:
        return _VALUES[name]
    except KeyError:
        raise AttributeError(name)
def now():
    return 3
def stamp():
    return 3
class Fmt:
    def render(self):
        return 'R'
class Client:
    def get(self):
        return 1
