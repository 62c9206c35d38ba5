import dump, enc
class P(tuple): pass
A = P((1,))
def test_obj():
    for _ in range(60):
        assert dump.dump(A) == "obj"
def test_registered():
    @enc.encode.register(tuple)
    def _(value):
        return "tup"
    for _ in range(60):
        assert dump.dump((2, 3)) == "tup"
