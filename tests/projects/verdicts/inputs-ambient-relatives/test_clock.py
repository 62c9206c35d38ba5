import os, time, clock, pytest
@pytest.fixture
def zone(monkeypatch):
    def put(name):
        monkeypatch.setenv("TZ", name); time.tzset()
    yield put
    monkeypatch.undo(); time.tzset()
def test_utc(zone):
    zone("UTC")
    for _ in range(60):
        assert clock.hour(0) == 0
def test_plus(zone):
    zone("XXX-5")
    for _ in range(60):
        assert clock.hour(3600) == 6
