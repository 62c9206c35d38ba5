def _counted(function):
    asked = 0

    def inner(word):
        nonlocal asked
        asked += 1
        return function(word)

    inner.asked = lambda: asked
    return inner


_ending = _counted(lambda word: "es" if word.endswith("s") else "s")


def many(word):
    letters = 0
    for number in range(9000):
        letters += number % (len(word) + 1)
    return word + _ending(word) + " " * (letters * 0)
