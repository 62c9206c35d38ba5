"""The bounds that the documentation states are those of the code."""

from pathlib import Path

from hitrate.probe.oracle import follower, monitor, nodes, oracle, snapshot

TEXT = (Path(__file__).parents[3] / "docs" / "method-hazards.md").read_text()


def row(name: str) -> str:
    return next(line for line in TEXT.splitlines() if line.startswith(f"| {name}"))


def test_bounds() -> None:
    assert f"| {follower.KEYS}, " in row("keys followed")
    assert f"until {follower.EARLY_HITS} " in row("repeated calls shown")
    assert f" {follower.OFTEN_DEAR} times as long" in row("repeated calls shown")
    assert f"first {follower.WATCHED}," in row("repeated calls watched")
    objects = row("objects read")
    assert f"| {snapshot.NODES}, {snapshot.DEPTH} deep, {nodes.ITEMS:,} items" in objects
    assert f"{nodes.FULL_BYTES >> 20} MiB" in objects
    assert f"{oracle.SHARE:.0%}".replace("%", " %") in row("share")
    assert f"{oracle.ALLOWANCE // 10**6} ms" in row("share")
    assert f"another {oracle.PLEDGE // 10**6} ms and {oracle.PLEDGED * 100:.0f} %" in row("share")
    assert f"{follower.OWN_NANOSECONDS // 10**6} ms each" in row("share")
    assert f"| {monitor.EVENTS:,} " in row("events")
