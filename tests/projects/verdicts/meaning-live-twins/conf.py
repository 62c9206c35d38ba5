import functools, os, pathlib
class Settings:
    def __init__(self):
        self.debug = os.environ.get("APP_DEBUG", "0") == "1"
        path = pathlib.Path(__file__).with_name("app.ini")
        self.text = path.read_text() if path.exists() else ""
@functools.lru_cache
def settings():
    return Settings()
