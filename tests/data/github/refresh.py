"""Rewrites openapi.json and events.json beside this file from GitHub's published packages.

npm install --prefix DIR @octokit/openapi @octokit/webhooks-examples
python tests/data/github/refresh.py DIR
"""

import json
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
REPO = "/repos/{owner}/{repo}"
PATHS = {
    "/user": ["get"],
    f"{REPO}/pulls/{{pull_number}}": ["get"],
    f"{REPO}/pulls/{{pull_number}}/files": ["get"],
    f"{REPO}/pulls/{{pull_number}}/comments": ["get"],
    f"{REPO}/pulls/{{pull_number}}/reviews": ["post"],
    f"{REPO}/pulls/comments/{{comment_id}}": ["patch", "delete"],
    f"{REPO}/pulls/comments/{{comment_id}}/reactions": ["post"],
    f"{REPO}/pulls/comments/{{comment_id}}/reactions/{{reaction_id}}": ["delete"],
    f"{REPO}/contents/{{path}}": ["get"],
    f"{REPO}/commits/{{commit_sha}}/pulls": ["get"],
    f"{REPO}/collaborators/{{username}}/permission": ["get"],
    f"{REPO}/issues/{{issue_number}}/comments": ["get", "post"],
    f"{REPO}/issues/comments/{{comment_id}}": ["get", "patch", "delete"],
    f"{REPO}/issues/comments/{{comment_id}}/reactions": ["post"],
    f"{REPO}/issues/comments/{{comment_id}}/reactions/{{reaction_id}}": ["delete"],
}
EVENTS = {
    "pull_request": ["opened", "synchronize", "reopened", "ready_for_review", "closed", "converted_to_draft"],
    "merge_group": ["checks_requested"],
    "push": [None],
    "workflow_dispatch": [None],
    "workflow_run": ["completed", "requested"],
}
PROSE = {
    "description",
    "example",
    "examples",
    "externalDocs",
    "summary",
    "tags",
    "title",
    "x-github",
    "x-octokit",
}


def bare(node: Any, names: bool = False) -> Any:
    """The description without its prose; keys below ``properties`` are names, not keywords."""
    if isinstance(node, dict):
        kept = {key: value for key, value in node.items() if names or key not in PROSE}
        return {key: bare(value, key == "properties" and not names) for key, value in kept.items()}
    return [bare(item) for item in node] if isinstance(node, list) else node


def openapi(whole: dict[str, Any]) -> dict[str, Any]:
    """The paths above and every component that they reach."""
    paths = {path: {method: bare(whole["paths"][path][method]) for method in PATHS[path]} for path in PATHS}
    components: dict[str, dict[str, Any]] = {}
    waiting: list[Any] = [paths]
    while waiting:
        node = waiting.pop()
        if isinstance(node, list):
            waiting += node
        elif isinstance(node, dict):
            waiting += node.values()
            if isinstance(reference := node.get("$ref"), str):
                _, _, kind, name = reference.split("/")
                if name not in components.setdefault(kind, {}):
                    components[kind][name] = bare(whole["components"][kind][name])
                    waiting.append(components[kind][name])
    kept = {key: whole[key] for key in ("openapi", "info", "servers")}
    ordered = {kind: dict(sorted(components[kind].items())) for kind in sorted(components)}
    return kept | {"paths": paths, "components": ordered}


def events(index: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """One example of every event and action above; of push, which has no action, all kinds."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in index:
        name = entry["name"]
        for example in entry["examples"]:
            known = found.setdefault(name, []) if name in EVENTS else []
            kind = (example.get("action"), example.get("ref"), example.get("deleted"))
            kinds = [(one.get("action"), one.get("ref"), one.get("deleted")) for one in known]
            if name in EVENTS and example.get("action") in EVENTS[name] and kind not in kinds:
                known.append(example)
    return found


def main(packages: Path) -> None:
    """Read the packages, write the two files."""
    octokit = packages / "node_modules" / "@octokit"
    whole = json.loads((octokit / "openapi" / "generated" / "api.github.com.json").read_text())
    index = json.loads((octokit / "webhooks-examples" / "api.github.com" / "index.json").read_text())
    for name, data in (("openapi", openapi(whole)), ("events", events(index))):
        (HERE / f"{name}.json").write_text(json.dumps(data, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
