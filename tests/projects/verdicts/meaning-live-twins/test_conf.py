import conf
def test_settings():
    for i in range(30):
        assert conf.settings().debug is False
    assert conf.settings() is conf.settings()
