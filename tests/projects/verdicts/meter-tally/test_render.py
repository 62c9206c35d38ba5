import render


def test_headings():
    for _ in range(60):
        assert render.heading(2, "Prices").strip() == "## Prices"
        assert render.heading(1, "Shop").strip() == "# Shop"
