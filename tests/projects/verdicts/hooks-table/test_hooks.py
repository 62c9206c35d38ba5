import hooks


@hooks.hook("before")
def strip(text):
    return text.strip()


def test_fired():
    for n in range(40):
        assert hooks.fire("before", f" {n} ") == str(n)


def test_none_for_after():
    assert hooks.fire("after", " x ") == " x "


def test_another_one():
    hooks.hook("after")(str.upper)
    assert hooks.fire("after", "x") == "X"
