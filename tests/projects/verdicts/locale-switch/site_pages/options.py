class Options:
    decimal_mark = "."
    grouping = 3


active = Options()
