import pytest


@pytest.mark.parametrize("number", range(50))
def test_books_of_a_shelf(tables, number):
    from library import models

    models.Book.objects.create(title=f"t{number}", shelf="a")
    assert all(book.shelf == "a" for book in models.on_shelf("a"))
