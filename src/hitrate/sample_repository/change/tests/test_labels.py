from parcels.labels import check_digit, label, next_tracking


def test_check_digit():
    assert [check_digit(body) for body in ("47312482", "00000001", "99999999")] == [9, 4, 5]


def test_tracking_numbers_are_all_different():
    assert len({next_tracking("PX") for _ in range(20)}) == 20


def test_labels():
    for number in range(300):
        tracking = f"PX{number:09d}"
        text = label(f"{tracking}{check_digit(tracking)}", "Ada Lovelace", 1 + number % 4)
        assert text.splitlines()[1].rstrip() == "ADA LOVELACE"
