"""Evidence that a cache would be wrong, and what the oracle saw of it in the analysed project's processes."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(max_length=2000)]
Count = Annotated[int, Field(ge=0, le=1 << 62)]


class Observation(BaseModel):
    """One line that the oracle wrote. The processes that wrote it are not trusted: it is text, no more."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    slot: Count
    kind: Literal[
        "stale",
        "typed",
        "aliased",
        "one-shot",
        "effect",
        "argument",
        "global",
        "refused",
        "leak",
        "reads",
        "tally",
    ]
    test: Text | None = None
    key: Text | None = None
    cause: Text = ""
    about: Text = ""
    what: Text = ""
    where: Text = ""
    argument: Text = ""
    type: Text = ""
    place: Text = ""
    before: Text = ""
    after: Text = ""
    first: Text = ""
    first_test: Text | None = None
    reads: Annotated[list[Text], Field(max_length=20)] = []
    process: Count = 0
    instance: Count = 0
    hits: Count = 0
    compared: Count = 0
    unknown: Count = 0
    partial: Count = 0
    watched: Count = 0
    left_out: Count = 0
    spent: Count = 0
