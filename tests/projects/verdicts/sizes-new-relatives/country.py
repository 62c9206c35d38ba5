def dialling(code):
    number = 0
    for turn in range(4000):
        number = (number * 26 + ord(code[turn % 2])) % 999
    return number
