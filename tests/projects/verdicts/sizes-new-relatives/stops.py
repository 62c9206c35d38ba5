def fare(stop):
    price = 100
    for metre in range(3000):
        price = (price * 3 + stop + metre) % 4099
    return price
