class Registry:
    _table = {"txt": "text/plain"}
    @property
    def table(self):
        return type(self)._table
    def register(self, name, kind):
        self._table[name] = kind
REGISTRY = Registry()
def _burn(n=9000):
    total = 0
    for i in range(n):
        total += i * i
    return total
def describe(name):
    _burn()
    table = REGISTRY.table
    return ", ".join(sorted(table)) + ": " + table.get(name, "none")
