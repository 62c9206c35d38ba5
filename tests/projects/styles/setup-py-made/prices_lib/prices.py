"""Prices with tax."""


def tax_rate(country):
    """Tax of a country, found the slow way."""
    table = [(f"land-{number}", number / 100) for number in range(20000)]
    return dict(table).get(country, 0.0)


def gross(net, country):
    """Price with tax."""
    return round(net * (1 + tax_rate(country)), 2)
