_goods = []


def stock(name):
    _goods.append(name)


def clear():
    del _goods[:]


def listed():
    return list(_goods)
