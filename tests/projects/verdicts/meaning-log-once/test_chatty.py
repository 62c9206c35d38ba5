import warnings

import chatty


def test_one_line_for_all_files(caplog):
    for number in range(30):
        assert chatty.load(f"f{number}.ini") == f"f{number}"
    assert len(caplog.records) == 1


def test_one_warning():
    with warnings.catch_warnings(record=True) as seen:
        warnings.simplefilter("always")
        for _ in range(30):
            assert chatty.old("ABC") == "abc"
    assert len(seen) == 1
