import keys

BONDS = [tuple((n, m) for m in range(40)) for n in range(12)]
TABLES = [tuple((n, m, str(m)) for m in range(9000)) for n in range(4)]
WORDS = tuple(f"w{n}" for n in range(9000))
LARGE = [3 ** (60_000 + n) for n in range(6)]


def test_atoms():
    for _ in range(30):
        for bonds in BONDS:
            assert keys.atoms(keys.Molecule(bonds)) == 40


def test_head():
    for _ in range(300):
        for table in TABLES:
            assert keys.head(table) >= 0


def test_heading():
    for _ in range(600):
        for title in ("one", "two"):
            assert keys.heading(keys.Page(title, WORDS)).isupper()


def test_suffix():
    for _ in range(30):
        for number in range(12):
            assert keys.suffix(keys.Place(f"/a/./b/c{number}/./d.txt")) == "txt"


def test_odd():
    for _ in range(2000):
        for number in LARGE:
            assert keys.odd(number) == 1


def test_empty():
    for _ in range(300):
        assert not keys.empty(frozenset(range(9000)))
