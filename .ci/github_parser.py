"""Checks workflows and action.yml with GitHub's own parser, expressions included.

    npm install --prefix DIR @actions/languageserver
    python .ci/github_parser.py DIR FILE...

Prints what the parser says and ends with 1 if it says anything. It is the language server of GitHub's editor
extension; it is asked through its protocol (LSP).
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO, cast

SERVER = "node_modules/@actions/languageserver/dist/cli.bundle.cjs"


class Server:
    """One running language server."""

    def __init__(self, packages: Path) -> None:
        command = ["node", str(packages / SERVER), "--stdio"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._input, self._output = (
            cast("BinaryIO", self._process.stdin),
            cast("BinaryIO", self._process.stdout),
        )
        options = {"initializationOptions": {}, "capabilities": {}, "processId": None, "rootUri": None}
        self._send("initialize", options, number=1)
        while self._receive().get("id") != 1:
            pass
        self._send("initialized", {})

    def check(self, uri: str, text: str) -> list[str]:
        """What the parser says about a document."""
        document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
        self._send("textDocument/didOpen", {"textDocument": document})
        while True:
            message = self._receive()
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == uri:
                found = message["params"]["diagnostics"]
                return [f"{one['range']['start']['line'] + 1}: {one['message']}" for one in found]

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        self._process.communicate()

    def _send(self, method: str, params: Any, number: int | None = None) -> None:
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        self._write(message if number is None else message | {"id": number})

    def _write(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        self._input.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._input.flush()

    def _receive(self) -> dict[str, Any]:
        length = 0
        while line := self._output.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        if not length:
            raise SystemExit("the parser ended without an answer")
        message: dict[str, Any] = json.loads(self._output.read(length))
        if "id" in message and "method" in message:  # a request of the server: it has no use here
            self._write({"jsonrpc": "2.0", "id": message["id"], "result": None})
        return message


def main(packages: Path, files: list[Path]) -> int:
    """Check every file; 1 if the parser says anything about one."""
    server = Server(packages)
    bad = 0
    for number, file in enumerate(files):
        kind = file.name if file.name in ("action.yml", "action.yaml") else f".github/workflows/{number}.yml"
        for line in server.check(f"file:///{number}/{kind}", file.read_bytes().decode()):
            print(f"{file}:{line}")
            bad += 1
    server.close()
    print(f"{len(files)} files, {bad} complaints")
    return 1 if bad or not files else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), [Path(name) for name in sys.argv[2:]]))
