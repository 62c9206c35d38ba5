from decimal import Decimal
from pathlib import PurePosixPath
import load
def test_all():
    for r in range(40):
        for i in range(8):
            assert load.suffixes(PurePosixPath("/a/b%d.tar.gz" % i), Decimal("1.5"))[1] == "1.5"
