def shell(element):
    energy = 0.0
    for level in range(1, 2500):
        energy += element / level**2
    return round(energy, 6)
