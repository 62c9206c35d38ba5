import desk


def test_a_message_gets_to_who_subscribed():
    heard = []
    desk.bus("news").subscribers.append(heard.append)
    for number in range(20):
        desk.bus("news").publish(number)
        desk.bus("rain").publish(number)
    assert heard == list(range(20))


def test_what_is_counted():
    for _ in range(12):
        desk.count("hall", "coat")
        desk.count("attic", "moth")
    assert desk.tally("hall") == {"coat": 12}


def test_one_at_a_time():
    with desk.lock_for("/a"):
        assert desk.lock_for("/a").locked()
        assert not desk.lock_for("/b").locked()


def test_symbols_are_compared_by_what_they_are():
    for name in ["x", "y", "x", "z", "x"]:
        assert (desk.symbol(name) is desk.symbol("x")) == (name == "x")


def test_connections_are_counted_by_pool():
    for number in range(1, 9):
        assert desk.Pool.of("db://one").connect() == number
    assert desk.Pool.of("db://two").connect() == 1


def test_told_once():
    for _ in range(10):
        assert desk.tell("moved")
    assert desk.TOLD == ["moved"]
