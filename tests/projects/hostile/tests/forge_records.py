"""Forge what the probe writes: garbage, huge files, links, pipes, names that climb."""

import os
import random

import victim


def records():
    """Where the probe of this run writes; None in a run without one."""
    for value in vars(victim).values():
        file = getattr(value, "__file__", None)
        if file and "hitrate" in file:
            return os.path.join(file.rpartition(os.sep + "probe" + os.sep)[0], "records")
    return None


def test_forge():
    assert victim.slow(1) >= 0
    folder = records()
    if folder is None:
        return
    generator = random.Random(1)
    endings = {os.path.splitext(name)[1] for name in os.listdir(folder)} | {"", ".trace", ".names", ".tests"}
    originals = [os.path.join(folder, name) for name in os.listdir(folder)]
    for number, ending in enumerate(sorted(endings)):
        stem = os.path.join(folder, f"{99990 + number}")
        with open(f"{stem}a{ending}", "wb") as file:
            file.write(generator.randbytes(10_000))
        with open(f"{stem}b{ending}", "wb") as file:
            file.truncate(20_000_000_000)
        os.symlink("/etc/passwd", f"{stem}c{ending}")
        os.symlink("/proc/self/mem", f"{stem}d{ending}")
        os.symlink("/github/workflow/event.json", f"{stem}e{ending}")
        os.mkfifo(f"{stem}f{ending}")
        os.mkdir(f"{stem}g{ending}")
        open(f"{stem}h{ending}", "w").close()
        open(os.path.join(folder, f"..%2f..%2f{number}\n::error::FORGED{ending}"), "w").close()
        for path in originals:
            with open(path, "rb") as file:
                head = file.read(4096)
            with open(f"{stem}i{ending}", "wb") as file:
                file.write(head + b"\xff" * 5000)
            with open(f"{stem}j{ending}", "wb") as file:
                file.write(b"../../../../etc/passwd\n" * 100 + head[:-7])
    announced = os.path.join(folder, "announced")
    with open(announced, "ab") as file:
        file.write(b"../../../../../etc/passwd\n/etc/passwd\n\xff\xfe\x00\n" + b"a" * 1_000_000 + b"\n" * 1000)
