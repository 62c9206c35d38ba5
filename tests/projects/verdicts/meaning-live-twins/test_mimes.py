import mimes
def test_table():
    for i in range(30):
        assert mimes.table()["txt"] == "text/plain"
