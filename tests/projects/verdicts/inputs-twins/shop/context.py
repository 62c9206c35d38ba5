import threading

local = threading.local()


class Settings:
    def __init__(self):
        self.currency = "EUR"
        self.debug = False
        self.decimals = {"EUR": 2, "JPY": 0}


settings = Settings()
