import django
from django.conf import settings

settings.configure(SHOP_CURRENCY="EUR", BORDER=1, DEBUG=False)
django.setup()
