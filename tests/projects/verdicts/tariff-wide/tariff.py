def fee(zone, weight):
    amount = 0
    for step in range(1, 9000):
        amount = (amount * 31 + zone * step + weight) % 10007
    return amount / 100
