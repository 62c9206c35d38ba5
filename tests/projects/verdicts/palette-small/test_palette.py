from palette import swatch

NAMES = ["shade-" + chr(97 + n // 10) + str(n % 10) for n in range(40)]


def test_every_page_shows_all_colours():
    for _page in range(7):
        assert all(swatch(name).startswith("#") for name in NAMES)
