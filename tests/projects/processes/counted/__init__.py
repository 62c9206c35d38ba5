"""A function that is called in every kind of process."""


def square(number):
    return number * number
