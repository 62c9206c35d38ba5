def op00(a):
    return a + 0


def op01(a):
    return (a, 1)


def op02(a):
    b = a * 2
    return b


def op03(a):
    return a if a > 3 else -a


def op04(a):
    return not a


def op05(a):
    return a == 5


def op06(a):
    return [a][0]


def op07(a):
    return a % 9


def op08(a):
    return a + 8


def op09(a):
    return (a, 9)


def op10(a):
    b = a * 10
    return b


def op11(a):
    return a if a > 11 else -a


def op12(a):
    return not a


def op13(a):
    return a == 13


def op14(a):
    return [a][0]


def op15(a):
    return a % 17


def op16(a):
    return a + 16


def op17(a):
    return (a, 17)


def op18(a):
    b = a * 18
    return b


def op19(a):
    return a if a > 19 else -a


def op20(a):
    return not a


def op21(a):
    return a == 21


def op22(a):
    return [a][0]


def op23(a):
    return a % 25


def op24(a):
    return a + 24


def op25(a):
    return (a, 25)


def op26(a):
    b = a * 26
    return b


def op27(a):
    return a if a > 27 else -a


def op28(a):
    return not a


def op29(a):
    return a == 29


def op30(a):
    return [a][0]


def op31(a):
    return a % 33


def op32(a):
    return a + 32


def op33(a):
    return (a, 33)


def op34(a):
    b = a * 34
    return b


def op35(a):
    return a if a > 35 else -a


def op36(a):
    return not a


def op37(a):
    return a == 37


def op38(a):
    return [a][0]


def op39(a):
    return a % 41
