"""Drives rust-analyzer over LSP: rename, go to definition, hover and completion in and around `#[kms_test(..)]`.

`tests/rust-analyzer` starts it with the path of the server. A failed check is printed; the exit code is 1 if there is one.
"""

import json
import os
import pathlib
import queue
import re
import subprocess
import sys
import threading

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "target" / "rust-analyzer"

TEST = """\
use kms_fixture::{Caller, Grant, Key, Kms, kms_test};

#[kms_test(
    keys(orders, archive(state(Disabled))),
    roles(worker, janitor(allow("kms:ListGrants", on(orders)))),
    grants(access(key(orders), grantee(worker), retiring(janitor), operations(Decrypt)))
)]
fn a_test(kms: Kms, janitor: Caller, access: Grant, orders: Key) {
    let _ = (kms.arn(), access.token(), janitor.arn());
    let _ = (orders.id(), orders.arn());
}
"""


class Server:
    """A running rust-analyzer with one open file."""

    def __init__(self, binary, root):
        self.process = subprocess.Popen(
            [binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=root
        )
        self.messages = queue.Queue()
        self.number = 0
        self.version = 1
        self.is_quiet = threading.Event()
        threading.Thread(target=self.read, daemon=True).start()
        self.uri = (root / "src" / "lib.rs").as_uri()
        self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": root.as_uri(),
                "capabilities": {
                    "experimental": {"serverStatusNotification": True},
                    "textDocument": {"hover": {"contentFormat": ["markdown"]}, "definition": {"linkSupport": True}},
                    "workspace": {"configuration": False},
                },
                "initializationOptions": {
                    "checkOnSave": False,
                    "cachePriming": {"enable": False},
                    "cargo": {"targetDir": str(root / "target"), "buildScripts": {"enable": True}},
                    "procMacro": {"enable": True},
                },
            },
        )
        self.tell("initialized", {})
        document = {"uri": self.uri, "languageId": "rust", "version": 1, "text": TEST}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def read(self):
        stream = self.process.stdout
        while True:
            length = 0
            while (line := stream.readline().strip()):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            if not length:
                return
            message = json.loads(stream.read(length))
            if message.get("method") == "experimental/serverStatus":
                if message["params"].get("message"):
                    print("server:", message["params"]["message"][:500], file=sys.stderr)
                if message["params"]["quiescent"]:
                    self.is_quiet.set()
            elif "method" in message and "id" in message:
                self.send({"id": message["id"], "result": None})
            elif "id" in message:
                self.messages.put(message)

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def tell(self, method, params):
        self.send({"method": method, "params": params})

    def ask(self, method, params):
        for _ in range(20):
            self.number += 1
            self.send({"id": self.number, "method": method, "params": params})
            while (answer := self.messages.get(timeout=600))["id"] != self.number:
                pass
            if "error" not in answer:
                return answer["result"]
            if answer["error"]["code"] not in (-32801, -32802):  # the content was modified: ask again
                return answer["error"]["message"]
        return "no answer"

    def write(self, text):
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        self.tell("textDocument/didChange", {"textDocument": document, "contentChanges": [{"text": text}]})

    def at(self, text, offset):
        before = text[:offset].split("\n")
        position = {"line": len(before) - 1, "character": len(before[-1])}
        return {"textDocument": {"uri": self.uri}, "position": position}


def offset(text, place):
    """Returns the offset of `|` in `place`, whose other text occurs in `text`."""
    assert text.count(place.replace("|", "")) == 1, place
    return text.index(place.replace("|", "")) + place.index("|")


def edits(result, text):
    """Returns the renamed places, as offsets."""
    if not isinstance(result, dict):
        return result
    changes = result.get("changes") or {}
    found = [it for edits in changes.values() for it in edits]
    for change in result.get("documentChanges") or []:
        found += change.get("edits", [])
    lines = text.split("\n")
    starts = [sum(len(it) + 1 for it in lines[:at]) for at in range(len(lines))]
    return sorted({starts[it["range"]["start"]["line"]] + it["range"]["start"]["character"] for it in found})


def places(text, name):
    return [it.start() for it in re.finditer(rf"\b{name}\b", text)]


def main():
    (PACKAGE / "src").mkdir(parents=True, exist_ok=True)
    manifest = f"""[package]
name = "edited"
version = "0.0.0"
edition = "2024"

[workspace]

[dependencies]
kms-fixture = {{ path = "{REPOSITORY / "kms-fixture"}", default-features = false, features = ["macros"] }}
"""
    (PACKAGE / "Cargo.toml").write_text(manifest)
    (PACKAGE / "src" / "lib.rs").write_text(TEST)
    (PACKAGE / "src" / "world.json").write_text('{"keys": {"orders": {}}}')
    lock = PACKAGE / "Cargo.lock"
    if not lock.exists():
        lock.write_bytes((REPOSITORY / "Cargo.lock").read_bytes())
    server = Server(sys.argv[1], PACKAGE)
    if not server.is_quiet.wait(timeout=1200):
        sys.exit("rust-analyzer does not come to rest")
    failed = []

    def check(what, is_right, found):
        print("ok  " if is_right else "FAIL", what, "" if is_right else f": {found}")
        if not is_right:
            failed.append(what)

    for name, spots in {
        "orders": ["keys(|orders", "key(|orders)", "on(|orders)", " |orders: Key", "(|orders.id()", " |orders.arn()"],
        "janitor": ["worker, |janitor(", "retiring(|janitor)", "kms: Kms, |janitor", "|janitor.arn()"],
        "access": ["grants(|access", "|access: Grant", "|access.token()"],
    }.items():
        for spot in spots:
            asked = server.at(TEST, offset(TEST, spot))
            result = server.ask("textDocument/rename", {**asked, "newName": "renamed"})
            found = edits(result, TEST)
            check(f"rename at `{spot}`", found == places(TEST, name), found)

    for spot, name in {"|access: Grant": "access", "|orders: Key": "orders", "retiring(|janitor)": "janitor"}.items():
        result = server.ask("textDocument/definition", server.at(TEST, offset(TEST, spot)))
        result = result if isinstance(result, list) else [result]
        lines = TEST.split("\n")
        found = set()
        for it in result:
            place = it.get("targetSelectionRange") or it.get("range")
            start, end = place["start"], place["end"]
            found.add(lines[start["line"]][start["character"] : end["character"]])
        check(f"definition at `{spot}`", found == {name}, found)
        check(f"definition at `{spot}` has few targets", len(result) <= 2, result)

    for spot, word in {
        "|access: Grant": "Grant",
        "|kms: Kms": "Kms",
        "|keys(orders": "KMS keys",
        "|state(Disabled)": "the state that the key starts in",
        "state(|Disabled)": "Switched off",
    }.items():
        hover = server.ask("textDocument/hover", server.at(TEST, offset(TEST, spot)))
        found = json.dumps(hover)
        check(f"hover at `{spot}`", word in found and "injected" not in found, found)

    attribute = TEST.index("#[kms_test(")
    end = TEST.index(")]\nfn") + 2
    # In parentheses that are empty, and for words after a comma, rust-analyzer needs one letter.
    for typed, expected in {
        "#[kms_test(keys(orders), |)]": {"roles", "grants", "scenario"},
        "#[kms_test(keys(orders), ro|)]": {"roles"},
        "#[kms_test(keys(orders(state(Disabled), |)))]": {"alias", "spec"},
        "#[kms_test(keys(orders(state(Dis|))))]": {"Disabled"},
        "#[kms_test(keys(orders), roles(worker), grants(access(key(orders), |)))]": {"grantee", "operations"},
        "#[kms_test(keys(orders), roles(worker), grants(access(key(or|))))]": {"orders"},
        "#[kms_test(keys(orders), roles(worker), grants(access(key(orders), operations(Decrypt, Enc|))))]": {"Encrypt"},
        "#[kms_test(leaks(d|))]": {"deny"},
        "#[kms_test(snapshot(b|))]": {"by_caller"},
        "#[kms_test(cassette(path = \"c.json\", |))]": {"order"},
    }.items():
        text = TEST[:attribute] + typed + TEST[end:]
        at = text.index("|")
        text = text.replace("|", "", 1)
        server.write(text)
        result = server.ask("textDocument/completion", {**server.at(text, at), "context": {"triggerKind": 1}})
        items = result["items"] if isinstance(result, dict) else result or []
        labels = {it["label"].split("(")[0].strip() for it in items if isinstance(it, dict)}
        check(f"completion at `{typed}`", expected <= labels, sorted(labels)[:12])

    shared = """\
use kms_fixture::{Key, Scenario, kms_test, scenario};

fn world() -> Scenario {
    scenario!(keys(spare(state(Disabled))), |)
}

#[kms_test(scenario = "world.json", cases(small(limit = 1)))]
fn from_a_file(orders: Key, limit: i32) {
    assert!(limit > 0 && !orders.id().is_empty());
}
"""
    at = shared.index("|)")
    shared = shared.replace("|)", ")", 1)
    server.write(shared)
    result = server.ask("textDocument/completion", {**server.at(shared, at), "context": {"triggerKind": 1}})
    labels = {it["label"] for it in result["items"]} if isinstance(result, dict) else set()
    check("completion in `scenario!`", {"roles", "grants"} <= labels, sorted(labels)[:12])
    for name, spot in {"orders": "|orders: Key", "limit": "|limit > 0", "spare": "keys(|spare"}.items():
        asked = server.at(shared, offset(shared, spot))
        found = edits(server.ask("textDocument/rename", {**asked, "newName": "renamed"}), shared)
        check(f"rename at `{spot}`", set(found) == set(places(shared, name)), found)
    where = server.at(shared, shared.index("orders.id") + len("orders."))
    result = server.ask("textDocument/completion", {**where, "context": {"triggerKind": 1}})
    labels = {it["label"].split("(")[0] for it in result["items"]} if isinstance(result, dict) else set()
    check("completion in the body", {"id", "arn"} <= labels, sorted(labels)[:12])

    server.process.kill()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
