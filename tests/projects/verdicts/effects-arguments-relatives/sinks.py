import zlib


def _work(number):
    data = bytes(range(256)) * 4
    check = number
    for _ in range(1200):
        check = zlib.crc32(data, check)
    return check


def absorb(digest, number):
    digest.update(_work(number).to_bytes(4, "big"))


def write_row(writer, number):
    writer.writerow([number, _work(number)])


def finish(event, number):
    check = _work(number)
    event.set()
    return check


def send(connection, number):
    return connection.send(_work(number).to_bytes(4, "big"))


def advance(generator, number):
    check = _work(number)
    for _ in range(number):
        next(generator)
    return check % 7


def note(stream, number):
    return stream.write(f"{_work(number)}\n")


def deposit(box, number):
    box.put(_work(number))


def compress(packer, number):
    return len(packer.compress(_work(number).to_bytes(4, "big"))) * 0
