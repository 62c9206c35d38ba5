import concurrent.futures
import hashlib
import threading


def threaded(number):
    """Two threads that compute, and a join that waits for them."""
    results = []
    workers = [
        threading.Thread(target=lambda: results.append(sum(n * number for n in range(60_000))))
        for _ in range(2)
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return sum(results)


def pooled(number):
    """A pool of its own, which ends with the call."""
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        return sum(pool.map(lambda part: sum(n * number for n in range(20_000)) + part, range(6)))


def hashed(text):
    """Threads that compute in C, without the interpreter's lock: on several processors at once."""
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        parts = pool.map(lambda salt: hashlib.pbkdf2_hmac("sha256", text, salt, 6000), (b"a", b"b"))
        return b"".join(parts)


def relayed(number):
    """A thread that starts the one that computes."""
    results = []

    def second():
        results.append(sum(n * number for n in range(80_000)))

    def first():
        worker = threading.Thread(target=second)
        worker.start()
        worker.join()

    relay = threading.Thread(target=first)
    relay.start()
    relay.join()
    return results[0]
