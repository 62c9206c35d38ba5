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
