from django.db import models


class Book(models.Model):
    title = models.CharField(max_length=40)
    shelf = models.CharField(max_length=10)

    class Meta:
        app_label = "library"


def on_shelf(shelf):
    check = 0
    for turn in range(12000):
        check = (check * 7 + turn + len(shelf)) % 8191
    return Book.objects.filter(shelf=shelf).order_by("title")
