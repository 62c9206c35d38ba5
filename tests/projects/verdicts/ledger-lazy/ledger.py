ENTRIES = []


class Selection:
    """Rows that are looked up when somebody asks, and kept from then on."""

    def __init__(self, account, checksum):
        self.account = account
        self.checksum = checksum

    @property
    def rows(self):
        if "found" not in self.__dict__:
            self.found = [entry for entry in ENTRIES if entry["account"] == self.account]
        return self.found

    def amount(self):
        return sum(entry["amount"] for entry in self.rows)


def of(account):
    checksum = 7
    for character in account * 3000:
        checksum = (checksum * 33 + ord(character)) % 65521
    return Selection(account, checksum)
