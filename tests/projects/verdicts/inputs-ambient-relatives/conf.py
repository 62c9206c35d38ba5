class Config(dict):
    def set(self, name, value):
        self[name] = [value, type(value)]
config = Config(cyclic=[4, int])
def set_option(name, value):
    config.set(name, value)
