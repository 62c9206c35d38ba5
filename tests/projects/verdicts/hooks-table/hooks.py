import functools


@functools.cache
def table():
    return {"before": [], "after": []}


def hook(moment):
    def keep(function):
        table()[moment].append(function)
        return function

    return keep


def fire(moment, value):
    for function in table()[moment]:
        value = function(value)
    return value
