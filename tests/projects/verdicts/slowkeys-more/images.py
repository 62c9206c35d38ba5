from functools import lru_cache
@lru_cache
def kind(data):
    return "png" if data[:4] == b"PNG0" else "raw"
