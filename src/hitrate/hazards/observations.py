"""What the oracle saw in the analysed project's processes, as its files tell it.

The processes that wrote them are not trusted: everything is bounded text and numbers, no more.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Text = Annotated[str, Field(max_length=2000)]
Count = Annotated[int, Field(ge=0, le=1 << 62)]


class _Line(BaseModel):
    """What every line has: the function's number, and the test and key if one call shows it."""

    model_config = ConfigDict(frozen=True, strict=True, extra="ignore")

    slot: Count
    test: Text | None = None
    key: Text | None = None


class _Changed(_Line):
    """Something that was one thing and then another, and the place within it where they differ."""

    place: Text = ""
    before: Text = ""
    after: Text = ""


class Stale(_Changed):
    """A result that was another one the next time; ``cause`` tells state and coarse keys apart."""

    kind: Literal["stale"]
    cause: Text = ""
    argument: Text = ""
    first: Text = ""
    first_test: Text | None = None
    reads: Annotated[tuple[Text, ...], Field(max_length=20, strict=False)] = ()


class Typed(_Changed):
    """Equal keys of different types gave different results."""

    kind: Literal["typed"]
    cause: Text = ""
    first: Text = ""


class Aliased(_Changed):
    """A result that its receiver changed."""

    kind: Literal["aliased"]


class OneShot(_Line):
    """A result that only its first receiver can use."""

    kind: Literal["one-shot"]
    what: Text = ""


class Effect(_Line):
    """A repeated call that does more than return; ``about`` says what, ``where`` in which function."""

    kind: Literal["effect"]
    about: Text = ""
    what: Text = ""
    where: Text = ""


class ChangedArgument(_Changed):
    """A repeated call that changes an argument."""

    kind: Literal["argument"]
    argument: Text = ""


class ChangedGlobal(_Changed):
    """A repeated call that changes what a module holds; ``gives`` is the class of what it asks there."""

    kind: Literal["global"]
    about: Text = ""
    gives: Text = ""


class Refused(_Line):
    """An argument that cannot be part of a key: its hash ``raises``, or its ``__eq__`` does (``why``)."""

    kind: Literal["refused"]
    argument: Text = ""
    type: Text = ""
    why: Text = ""
    raises: Text = ""


class Leak(_Line):
    """An object that only a cache would keep alive."""

    kind: Literal["leak"]
    what: Text = ""


class Reads(_Line):
    """A hidden input that a watched call read."""

    kind: Literal["reads"]
    about: Text = ""
    what: Text = ""
    where: Text = ""


class OwnIdentity(_Line):
    """Each call made an object of its own of a class whose instances cannot stand for each other."""

    kind: Literal["identity"]
    what: Text = ""


class Ended(_Line):
    """An existing cache handed out what had been closed or shut down."""

    kind: Literal["ended"]
    what: Text = ""


class Lazy(_Changed):
    """A result that reads when it is used: known from its class, or since it remembered other things."""

    kind: Literal["lazy"]
    what: Text = ""


class ChangedInput(_Changed):
    """What a watched call read was another thing in an earlier call, whatever its arguments were."""

    kind: Literal["changed"]
    what: Text = ""
    where: Text = ""
    first_test: Text | None = None


class Unreadable(_Line):
    """An argument of a repeated call that may have changed, and cannot be read."""

    kind: Literal["opaque"]
    argument: Text = ""
    what: Text = ""


class OracleTally(_Line):
    """What one process compared and watched so far; ``spent`` is ns of the whole process."""

    kind: Literal["tally"]
    process: Count = 0
    instance: Count = 0
    compared: Count = 0
    unknown: Count = 0
    partial: Count = 0
    watched: Count = 0
    left_out: Count = 0
    spent: Count = 0


Proof = Stale | Typed | Aliased | OneShot | Effect | ChangedArgument | ChangedGlobal | Refused | Leak
"""What proves a hazard."""

Hint = Reads | OwnIdentity | Ended | Lazy | ChangedInput | Unreadable
"""What proves nothing and yet speaks against a cache."""

Observation = Proof | Hint | OracleTally
"""One line of the oracle's."""

OBSERVATION: TypeAdapter[Observation] = TypeAdapter(Annotated[Observation, Field(discriminator="kind")])
"""Reads one from JSON text or from a mapping."""
