def cost(port):
    total = 0
    for index in range(4500):
        total = (total + ord(port[index % len(port)]) * index) % 8191
    return total
