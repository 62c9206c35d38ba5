"""What a function's source says about its parameters."""

import ast

_SEES_EVERYTHING = frozenset({"locals", "vars", "eval", "exec", "dir"})


def unread_parameters(node: ast.FunctionDef | ast.AsyncFunctionDef) -> tuple[str, ...]:
    """Parameters that the body never mentions, ``*args`` and ``**kwargs`` left out.

    A body that looks at all its variables at once (``locals()``) mentions every one, and ``super()`` without
    arguments the first.
    """
    arguments = node.args
    parameters = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    names = {each.id for statement in node.body for each in ast.walk(statement) if isinstance(each, ast.Name)}
    if names & _SEES_EVERYTHING:
        return ()
    if names & {"super", "__class__"}:
        names.update(parameters[:1])
    return tuple(name for name in parameters if name not in names)
