import access
def test_guest():
    session = access.login("a", "guest")
    for _ in range(40):
        assert access.label("home") == "home:guest"
def test_admin():
    session = access.login("b", "admin")
    for _ in range(40):
        assert access.label("panel") == "panel:admin"
