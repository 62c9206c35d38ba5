import kept


def test_gradients():
    for _ in range(40):
        first, second = kept.weight(1), kept.weight(2)
        assert len(kept.gradients([first, second])) == 2


def test_notes():
    for number in range(40):
        one = kept.figure("box")
        kept.annotate(one, f"note {number}")
        assert kept.note(one) == f"note {number}"


def test_subscribers():
    for _ in range(40):
        hub = kept.Hub()
        mine = hub.join("news")
        assert [*hub.subscribers] == [mine]
