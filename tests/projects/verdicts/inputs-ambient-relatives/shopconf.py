class Settings:
    currency = "EUR"
settings = Settings()
