"""A proof that a cache would be wrong."""

from dataclasses import dataclass

from hitrate.vocabulary import HazardKind


@dataclass(frozen=True, slots=True)
class Hazard:
    """One proof that caching a function changes what the program does.

    Attributes:
        kind: How the cache would be wrong.
        detail: One line in plain words.
        test: Id of the test that shows it, None where no test was running.
        key: ``repr`` of the arguments that show it, shortened; None where it is not about one key.
        remedy: What would make the cache safe, None where nothing would.
        gist: The detail in a few words, without values, tests and keys; None where it has none.
        leaves_rest: Whether the remedy is to cache what is left of the function without it.
        shares: Whether it is that callers share one object and one of them changes it, no more.
        outdated: Where it is that something was made of settings that were others later: from what to what it
            would have changed; else empty.
    """

    kind: HazardKind
    detail: str
    test: str | None = None
    key: str | None = None
    remedy: str | None = None
    gist: str | None = None
    shares: bool = False
    leaves_rest: bool = False
    outdated: str = ""
