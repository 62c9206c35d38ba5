"""The comment of the pull request that brings Hitrate."""

from hitrate.report.firstuse import comment


def test_what_to_paste_stands_in_a_block_that_it_cannot_leave() -> None:
    text = comment("tests: ran no test.", "with:\n  install: `x`\n```\n<script>")
    assert text.count("```") == 2
    assert "install: x" in text


def test_without_a_remedy_there_is_nothing_to_paste() -> None:
    text = comment("the *tests* <b>fail</b>.", "")
    assert "```" not in text
    assert "<b>" not in text
    assert text.startswith("### Hitrate: ")
