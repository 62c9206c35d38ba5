import django
import pytest
from django.conf import settings

settings.configure(
    INSTALLED_APPS=["library"],
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
    DEFAULT_AUTO_FIELD="django.db.models.AutoField",
)
django.setup()


@pytest.fixture(scope="session")
def tables():
    from django.db import connection
    from library.models import Book

    with connection.schema_editor() as editor:
        editor.create_model(Book)
