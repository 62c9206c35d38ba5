from feed import reader


def test_headers_are_left_out():
    for _file in range(25):
        lines = iter([f"line {n}" for n in range(90000)])
        for _part in range(18):
            reader.drop(lines, 4500)
