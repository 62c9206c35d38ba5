import weakref
class Session:
    def __init__(self, user, level):
        self.user, self.level = user, level
SESSIONS = weakref.WeakValueDictionary()
def login(user, level):
    session = Session(user, level)
    SESSIONS["current"] = session
    return session
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def label(page):
    _burn()
    session = SESSIONS.get("current")
    return "%s:%s" % (page, session.level if session else "-")
