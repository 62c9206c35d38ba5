import threading

import busy


def spin(stop):
    while not stop.is_set():
        sum(range(2000))


def test_contains():
    for _ in range(20_000):
        assert "Red" in busy.VOCABULARY
        assert "grey" not in busy.VOCABULARY


def test_total():
    for _ in range(8_000):
        assert busy.total("red") < busy.total("green")


def test_beside_others():
    stop = threading.Event()
    others = [threading.Thread(target=spin, args=(stop,)) for _ in range(2)]
    for other in others:
        other.start()
    try:
        for number in range(15_000):
            assert busy.beside_others(number % 7) % 2
    finally:
        stop.set()
        for other in others:
            other.join()


def test_yielding():
    for number in range(3_000):
        assert busy.yielding(number % 5) <= 0


def test_count():
    answers = []
    workers = [
        threading.Thread(target=lambda: answers.extend(busy.count("banana") for _ in range(5_000)))
        for _ in range(4)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert set(answers) == {3}
