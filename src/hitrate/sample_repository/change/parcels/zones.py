"""Which tariff zone a postcode lies in."""

from functools import lru_cache

DEFAULT = {"AT": 1, "BE": 1, "DE": 1, "FR": 2, "IT": 2, "NL": 1}

# Ranges of postcodes with a zone of their own: islands, mountain valleys, free ports.
EXCEPTIONS = """
AT 6491-6499 2; AT 6561-6563 2; AT 6580-6583 2; AT 6767-6768 2; AT 6991-6993 2; AT 9961-9963 2
BE 8300-8301 1; BE 8620-8670 1
DE 18565-18565 3; DE 18586-18609 2; DE 25845-25849 3; DE 25859-25869 3; DE 25938-25999 3
DE 26465-26486 3; DE 26548-26579 3; DE 26757-26757 3; DE 27498-27499 4; DE 78266-78266 2; DE 83256-83256 2
FR 17111-17123 3; FR 17190-17190 3; FR 17310-17310 3; FR 17370-17410 3; FR 17480-17480 3; FR 17550-17590 3
FR 17630-17670 3; FR 17740-17740 3; FR 17840-17880 3; FR 20000-20999 4; FR 22870-22870 3; FR 29242-29259 3
FR 29980-29990 3; FR 56170-56170 3; FR 56360-56360 3; FR 56590-56590 3; FR 56780-56780 3; FR 56840-56840 3
FR 85350-85350 3; FR 97100-97999 5
IT 07000-07100 4; IT 08010-08100 4; IT 09010-09199 4; IT 22060-22061 2; IT 23030-23041 3; IT 30100-30176 3
IT 57030-57039 4; IT 58012-58019 4; IT 80070-80079 4; IT 90010-90151 4; IT 91010-91100 4; IT 92010-92100 4
IT 93010-93100 4; IT 94010-94100 4; IT 95010-95131 4; IT 96010-96100 4; IT 97010-97100 4; IT 98010-98168 4
NL 1791-1797 2; NL 8881-8899 2; NL 9161-9166 2
"""


@lru_cache(maxsize=4)
def zone_of(country: str, postcode: str) -> int:
    """The zone of a postcode: that of the narrowest range it lies in, else that of its country."""
    found, narrowest = DEFAULT[country], 100_000
    for line in EXCEPTIONS.strip().splitlines():
        for entry in line.split(";"):
            where, span, zone = entry.split()
            first, _, last = span.partition("-")
            width = int(last) - int(first)
            if where == country and int(first) <= int(postcode) <= int(last) and width < narrowest:
                found, narrowest = int(zone), width
    return found
