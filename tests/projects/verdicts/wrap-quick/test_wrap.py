import wrap


def test_cells():
    for _row in range(60):
        assert wrap.cell("a<b") == "<td>a&lt;b</td>"
        assert wrap.cell("a&b") == "<td>a&amp;b</td>"
