import conf, fmt
def test_eur():
    for _ in range(60):
        assert fmt.amount(150) == "1.50 EUR"
def test_debug():
    conf.override(debug=True)
    try:
        for _ in range(60):
            assert fmt.amount(275) == "2.75 EUR"
    finally:
        conf.override(debug=False)
