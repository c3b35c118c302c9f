"""The console in Chromium: a call as a caller, its denial explained, the clock moved, a grant seen to go, a call copied."""

import base64
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import threading

import pytest

import raw
from browser import Browser, missing
from control import get, post
from recorder import FINDINGS, GOOD, studio  # noqa: F401
from server import PATIENCE, ROOT
from support import access

pytestmark = pytest.mark.skipif(bool(missing()), reason=missing() or "a browser is there")

DAY = 24 * 60 * 60

WORLD = {
    "keys": {"orders": {"alias": "alias/orders"}, "archive": {"state": "Disabled"}, "macs": {"spec": "HMAC_256", "usage": "GENERATE_VERIFY_MAC"}},
    "roles": {"worker": {}, "janitor": {"allow": ["kms:ListRetirableGrants"]}},
    "users": {"alice": {}},
    "grants": {"access": access(context_equals={"tenant": "7"})},
}


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    """One browser for all tests."""
    browser = Browser(tmp_path_factory.mktemp("browser"))
    yield browser
    browser.close()


@pytest.fixture
def browser(chromium, serve, studio):  # noqa: F811
    """A browser whose pages must not complain, unless a test has read the complaints. It leaves before its servers do."""
    yield chromium
    complaints = chromium.complaints()
    chromium.open("about:blank")
    chromium.devtools("Emulation.clearDeviceMetricsOverride", {})
    chromium.scheme("light")
    assert complaints == []


def console(browser, server):
    """The page, once it shows the server."""
    browser.open(server.endpoint + "/")
    browser.until(lambda: browser.run("return document.body.dataset.ready"), "the console is ready")
    return Console(browser)


class Console:
    def __init__(self, browser):
        self.browser = browser

    def call(self, caller, operation, **given):
        """Sends a call, with members besides those of the example; returns what the answer shows."""
        self.prepare(caller, operation, **given)
        self.browser.click("#send")
        return self.answer(caller, operation)

    def prepare(self, caller, operation, **given):
        self.browser.choose("#caller", caller)
        self.browser.choose("#operation", operation)
        if given:
            text = json.dumps({**json.loads(self.input()), **given}, indent=2)
            self.browser.run("const it = document.querySelector('#input'); it.value = arguments[0]; it.dispatchEvent(new Event('input'))", text)
        self.browser.run("document.querySelector('#answer').replaceChildren()")

    def input(self):
        return self.browser.run("return document.querySelector('#input').value")

    def answer(self, caller, operation):
        shown = lambda: self.browser.text("#answer")
        self.browser.until(lambda: f"{caller}: {operation}" in shown(), f"the answer to {operation} by {caller}")
        return shown()

    def rows(self, table):
        """The rows of a table as lists of their cells."""
        script = "return [...document.querySelectorAll(`#${arguments[0]} > tr`)].map((it) => [...it.cells].map((it) => it.innerText.trim()))"
        return self.browser.run(script, table)

    def message(self, words):
        shown = lambda: self.browser.run("const it = document.querySelector('#message'); return it.hidden ? '' : it.textContent")
        self.browser.until(lambda: words in shown(), f"the message {words!r}")


def encrypted(page):
    """A ciphertext that the console offers for the next call."""
    assert "ok" in page.call("admin", "Encrypt", EncryptionContext={"tenant": "8"})
    page.prepare("worker", "Decrypt", EncryptionContext={"tenant": "8"})
    assert len(json.loads(page.input())["CiphertextBlob"]) > 100


def test_a_call_is_made_and_its_denial_explained(browser, serve):
    server = serve(WORLD)
    page = console(browser, server)
    encrypted(page)
    browser.click("#send")
    shown = page.answer("worker", "Decrypt")
    why = 'access allows Decrypt to worker, but needs context tenant = "7"; the call has "8"'
    assert "400 AccessDeniedException" in shown and why in shown
    # The table of calls shows it, too, and so does every other client.
    browser.until(lambda: len(page.rows("calls")) == 2, "two calls are listed")
    newest = page.rows("calls")[0]
    assert newest[:4] == ["2", "worker", "Decrypt", "orders"] and why in newest[4]
    assert why in get(server, "calls")[1]["why"]
    assert "ok" in page.call("worker", "GenerateDataKey", EncryptionContext={"tenant": "7"})


def test_calls_of_other_clients_appear_as_they_come(browser, serve):
    server = serve(WORLD)
    page = console(browser, server)
    assert "No calls yet" in browser.text("#calls-empty")
    server.client().describe_key(KeyId=server.key())
    browser.until(lambda: page.rows("calls"), "the call is listed")
    assert page.rows("calls") == [["1", "admin", "DescribeKey", "orders", "ok"]]
    browser.click('[data-call="1"]')
    browser.until(lambda: '"KeyState": "Enabled"' in browser.text("tr.detail"), "the output is shown")
    assert browser.run("return document.activeElement.getAttribute('aria-expanded')") == "true"
    made = server.client().create_key()["KeyMetadata"]["KeyId"]
    browser.until(lambda: len(page.rows("keys")) == 4, "the new key is listed")
    assert made[:8] in str(page.rows("keys"))


def test_the_clock_moves(browser, serve):
    server = serve({**WORLD, "clock": "test"})
    page = console(browser, server)
    assert browser.text("#now") == "2026-01-01 00:00:00 UTC"
    browser.click(browser.button("+1 day"))
    browser.until(lambda: browser.text("#now") == "2026-01-02 00:00:00 UTC", "a day has passed")
    browser.type("#seconds", "90")
    browser.click(browser.button("Advance"))
    page.message("moved forward by 90 s")
    assert browser.text("#now") == "2026-01-02 00:01:30 UTC"
    assert get(server, "clock")["now"] == 1767225600 + DAY + 90


def test_a_grant_is_seen_to_go(browser, serve):
    server = serve(WORLD)
    page = console(browser, server)
    [row] = page.rows("grants")
    assert [row[0].split()[0], *row[1:3]] == ["access", "orders", "worker"]
    browser.click(browser.button("Retire…"))
    assert browser.run("return document.querySelector('#caller').value") == "janitor"
    browser.click("#send")
    assert "ok" in page.answer("janitor", "RetireGrant")
    browser.until(lambda: page.rows("grants") == [], "the grant is gone")
    assert "No grants." in browser.text("#grants-empty")
    assert get(server, "grants") == []


def test_a_fault_is_added_strikes_and_is_removed(browser, serve):
    server = serve(WORLD)
    page = console(browser, server)
    browser.choose("#fault-kind", "throttled")
    browser.choose("#fault-operation", "ListKeys")
    browser.click(browser.button("Add fault"))
    browser.until(lambda: "throttled(operation(ListKeys)" in browser.text("#faults"), "the fault is listed")
    assert "waiting" in browser.text("#faults")
    assert "ThrottlingException" in page.call("admin", "ListKeys")
    browser.until(lambda: "has struck" in browser.text("#faults"), "the fault has struck")
    assert "fault: throttled" in page.rows("calls")[0][4]
    browser.click("#clear-faults")
    page.message("All faults are removed")
    assert get(server, "faults")["faults"] == []


def test_principals_can_be_deleted_and_made_again(browser, serve):
    server = serve(WORLD)
    page = console(browser, server)
    browser.click(browser.button("Delete worker"))
    page.message("worker is deleted")
    browser.until(lambda: page.rows("grants")[0][2].startswith("AROA"), "the grant shows the unique id")
    assert "UnrecognizedClientException" in page.call("worker", "ListKeys")
    browser.click(browser.button("Make worker again"))
    page.message("a new role of the same name")
    assert "AccessDeniedException" in page.call("worker", "ListKeys")


def test_reset_asks_first(browser, serve):
    server = serve(WORLD)
    page = console(browser, server)
    page.call("admin", "CreateKey")
    browser.until(lambda: len(page.rows("keys")) == 4, "the new key is listed")
    browser.click("#reset")
    browser.click(browser.button("Keep"))
    assert len(get(server, "keys")) == 4
    browser.click("#reset")
    browser.click("#confirm-yes")
    page.message("as it was at the start")
    assert (len(page.rows("keys")), page.rows("calls")) == (3, [])
    server.client().list_keys()
    browser.until(lambda: [it[0] for it in page.rows("calls")] == ["1"], "calls are numbered from 1 again")


def test_wrong_json_is_shown_where_it_is(browser, serve):
    page = console(browser, serve(WORLD))
    browser.run("document.querySelector('#input').value = '{'")
    browser.click("#send")
    assert browser.text("#input-error").startswith("The input is not valid JSON")
    assert browser.run("return document.activeElement.id") == "input"
    assert page.rows("calls") == []


def test_text_of_clients_is_never_markup(browser, serve):
    server = serve({"keys": {"<img src=x onerror=alert(1)>": {}}})
    page = console(browser, server)
    page.call("admin", "DescribeKey", KeyId="<script>alert(1)</script>")
    browser.until(lambda: page.rows("calls"), "the call is listed")
    assert page.rows("calls")[0][3] == "<script>alert(1)</script>"
    assert browser.run("return document.querySelectorAll('main img, main script').length") == 0


# --- Copies ---


def copied(browser, kind):
    browser.run("document.querySelector('#copied').hidden = true")
    browser.click(f"[data-copy={kind}]")
    browser.until(lambda: browser.run("return !document.querySelector('#copied').hidden"), "the text is shown")
    return browser.run("return document.querySelector('#copied').textContent")


def test_a_copied_call_runs(browser, serve, aws_cli):
    server = serve(WORLD)
    page = console(browser, server)
    page.call("worker", "GenerateDataKey", EncryptionContext={"tenant": "7"})
    page.prepare("worker", "Decrypt", EncryptionContext={"tenant": "7"})
    python = copied(browser, "python")
    done = subprocess.run([sys.executable, "-c", python], capture_output=True, text=True, timeout=PATIENCE * 2)
    assert done.returncode == 0, done.stderr
    assert "'Plaintext'" in done.stdout
    rust = copied(browser, "rust")
    assert 'kms.decrypt().ciphertext_blob(Blob::new([' in rust and '.encryption_context("tenant", "7")' in rust
    assert (get(server, "calls")[-1]["caller"], get(server, "calls")[-1]["operation"]) == ("worker", "Decrypt")
    page.prepare("admin", "Encrypt", EncryptionContext={"who": "it's me"})
    done = subprocess.run(["bash", "-c", copied(browser, "cli")], env=aws_cli, capture_output=True, text=True, timeout=PATIENCE * 2)
    assert done.returncode == 0, done.stderr
    blob = base64.b64decode(json.loads(done.stdout)["CiphertextBlob"])
    # The example of the input.
    assert server.client().decrypt(CiphertextBlob=blob, EncryptionContext={"who": "it's me"})["Plaintext"] == b"hello"


# What the page copies for a call with every member that the operation can have, and for calls of its own.
COPIES = """
    const caller = {access_key_id: 'access-key', secret_access_key: 'secret', session_token: 'token'};
    const copy = (name, input, by = caller) => {
        document.querySelector('#operation').value = name;
        return COPIES.rust(by, name, input);
    };
    // botocore's model has a member that the locked SDK for Rust does not know yet.
    const all = [...state.operations.values()].map((it) => [it.name, copy(it.name, {...it.input, ...it.optional, ResourceOwners: []})]);
    const own = Object.entries(JSON.parse(arguments[0])).map(([test, [name, input]]) => [test, copy(name, input, {...caller, session_token: null})]);
    return [...all, ...own];
"""

# Calls whose values are harder to write: by the name of their function, an operation and its input.
HARD = {
    "Decrypt with a context": ["Decrypt", {"CiphertextBlob": "AQID", "EncryptionContext": {"tenant": "7", "": "it's \\u0041"}, "GrantTokens": ["one", "two"]}],
    "Create a grant for two tenants": ["CreateGrant", {
        "KeyId": "alias/orders", "GranteePrincipal": "arn:aws:iam::111122223333:role/worker", "Operations": ["Decrypt", "RetireGrant"],
        "Constraints": {"EncryptionContextEquals": {"tenant": "7", "stage": "test"}}, "Name": None,
    }],
    "List what can be retired": ["ListRetirableGrants", {"RetiringPrincipal": "arn:aws:iam::111122223333:role/janitor", "Limit": 1}],
    "Encrypt nothing": ["Encrypt", {"KeyId": "alias/orders", "Plaintext": "", "EncryptionContext": {}}],
    "Texts of every kind": ["TagResource", {
        "KeyId": "a", "Tags": [{"TagKey": '"\\\n\r\t\b\f\x00', "TagValue": "\u202e\u2028\ud83d\ude80\ud800 {}"}, {"TagKey": "b", "TagValue": ""}],
    }],
}

GOLDEN = ROOT / "tests/suite/copied.rs"
HEAD = """//! Calls as the console copies them for Rust, at first one for each operation with everything that it can have. Written by
//! `UPDATE_EXPECT=1 tests/python/run test_console.py`, which otherwise compares them with the page. They only have to compile.
"""


def test_what_is_copied_for_rust_is_what_the_suite_compiles(browser, serve):
    server = serve(WORLD)
    console(browser, server)
    text = HEAD
    for name, copy in browser.run(COPIES, json.dumps(HARD)):
        function = re.sub(r"\W+|(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
        body = copy.replace(server.endpoint, "http://127.0.0.1:40123")
        text += f"\nasync fn {function}() -> Result<(), Box<dyn std::error::Error>> {{\n{body}Ok(())\n}}\n"
    if os.environ.get("UPDATE_EXPECT"):
        GOLDEN.write_text(text)
    assert text == GOLDEN.read_text(), "UPDATE_EXPECT=1 writes the file"


# --- Record and replay ---


def test_a_recording_and_a_replay_have_a_console_whose_clock_does_not_move(browser, studio):  # noqa: F811
    recorder = studio.record(studio.service())
    page = console(browser, recorder)
    assert browser.text("#mode") == "recording"
    assert "ok" in page.call("admin", "CreateKey")
    browser.click(browser.button("+1 h"))
    page.message("moving the clock is only possible with the fake")
    browser.complaints()  # a refusal is one
    browser.open("about:blank")
    done = recorder.end()
    assert done.code == GOOD, done.err
    studio.accept()

    player = studio.replay()
    page = console(browser, player)
    assert browser.text("#mode") == "replaying a cassette"
    assert "ok" in page.call("admin", "CreateKey")
    assert "KmsFixtureReplayMismatchException" in page.call("admin", "ListKeys")
    browser.until(lambda: len(page.rows("calls")) == 2, "both calls are listed")
    browser.click(browser.button("+1 h"))
    page.message("this server is a replay")
    browser.complaints()  # a refusal is one
    browser.open("about:blank")
    assert player.end().code == FINDINGS


# --- Keyboard, eyes, other pages ---

TAB, ENTER = "\ue004", "\ue007"


def test_the_keyboard_is_enough(browser, serve):
    page = console(browser, serve(WORLD))
    browser.keys(TAB + ENTER)
    assert browser.run("return document.activeElement.id") == "call-as"
    browser.keys(TAB)
    assert browser.run("return document.activeElement.id") == "caller"
    browser.keys(TAB + ENTER)
    assert "ok" in page.answer("admin", "DescribeKey")
    script = """
        return [...document.querySelectorAll('button, input, select, textarea')].filter((it) => it.offsetParent).filter((it) => {
            const named = it.labels?.length || it.getAttribute('aria-label') || it.textContent.trim();
            return !named || it.tabIndex < 0;
        }).map((it) => it.outerHTML);
    """
    assert browser.run(script) == [], "every control has a name and can be reached"


# The contrast of each visible text with its background, by WCAG 2.2; texts below 4.5 are returned.
CONTRAST = """
    const parse = (it) => it.match(/[\\d.]+/g).map(Number);
    const light = (it) => it.slice(0, 3).map((it) => it / 255).map((it) => it <= 0.04045 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4)
        .reduce((sum, it, at) => sum + it * [0.2126, 0.7152, 0.0722][at], 0);
    const behind = (it) => { for (; it; it = it.parentElement) { const back = parse(getComputedStyle(it).backgroundColor); if (back.length < 4 || back[3] > 0) return back; } return [255, 255, 255]; };
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), bad = [];
    while (texts.nextNode()) {
        const it = texts.currentNode.parentElement;
        if (!texts.currentNode.textContent.trim() || !it.offsetParent || it.closest('.quiet, script, style')) continue;
        const [one, other] = [light(parse(getComputedStyle(it).color)), light(behind(it))];
        const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        if (ratio < 4.5) bad.push(`${ratio.toFixed(2)} ${it.outerHTML}`);
    }
    return bad;
"""


def test_it_can_be_read_in_light_and_dark_and_on_a_narrow_screen(browser, serve, tmp_path):
    server = serve(WORLD)
    page = console(browser, server)
    post(server, "faults", [{"fault": "throttled", "operation": "RetireGrant"}])
    page.call("worker", "GenerateDataKey", EncryptionContext={"tenant": "7"})
    page.call("janitor", "ListRetirableGrants")
    encrypted(page)
    browser.click("#send")
    page.answer("worker", "Decrypt")
    browser.until(lambda: len(page.rows("calls")) == 4, "all calls are listed")
    browser.run("document.body.append(Object.assign(document.createElement('i'), {id: 'still'})); document.activeElement.blur(); scrollTo(0, 0)")
    for scheme in ("light", "dark"):
        browser.scheme(scheme)
        # Colours of new rows fade in.
        browser.until(lambda: browser.run("return document.getAnimations().every((it) => it.playState === 'finished')"), "nothing moves")
        assert browser.run(CONTRAST) == [], scheme
        browser.picture(tmp_path / f"console-{scheme}.png")
        if os.environ.get("UPDATE_PICTURES"):
            shutil.copy(tmp_path / f"console-{scheme}.png", ROOT / "docs")
    browser.scheme("light")
    browser.devtools("Emulation.setDeviceMetricsOverride", {"width": 360, "height": 800, "deviceScaleFactor": 1, "mobile": False})
    assert browser.run("return document.documentElement.scrollWidth") <= 360, "nothing is beyond the edge"
    assert browser.run("return getComputedStyle(document.querySelector('th')).position") == "sticky"


@pytest.fixture
def elsewhere():
    """A page of another origin."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><link rel=icon href=data:,><title>elsewhere</title>")

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


FETCH = """
    const [url, options] = arguments;
    const answer = await fetch(url, options);
    return [answer.status, await answer.text(), answer.headers.get('x-amzn-requestid')];
"""


def test_pages_of_other_origins_cannot_control_but_may_call_kms(browser, serve, elsewhere):
    server = serve({**WORLD, "clock": "test"})
    browser.open(elsewhere)
    for method, path, body in [("GET", "callers", None), ("POST", "clock", '{"advance": 60}'), ("POST", "reset", None), ("DELETE", "faults", None)]:
        options = {"method": method, "body": body} if body else {"method": method}
        # The page may not read the refusal, either.
        assert "Failed to fetch" in browser.promise(FETCH, f"{server.endpoint}/kms-fixture/{path}", options), path
        blind = browser.promise(FETCH, f"{server.endpoint}/kms-fixture/{path}", {**options, "mode": "no-cors"}) if method != "DELETE" else None
        assert blind is None or blind[:2] == [0, ""] or "Failed to fetch" in blind, blind
    assert get(server, "clock")["now"] == 1767225600
    browser.complaints()

    request = raw.signed(server, "ListKeys", {})
    headers = {name: value for name, value in request.headers.items() if name.lower() not in ("host", "user-agent", "content-length")}
    status, body, request_id = browser.promise(FETCH, server.endpoint, {"method": "POST", "headers": headers, "body": request.body.decode()})
    assert (status, len(json.loads(body)["Keys"])) == (200, 3)
    assert request_id, "the page may read the id of the request"
    assert [it["operation"] for it in get(server, "calls")] == ["ListKeys"]


def test_no_page_may_show_the_console_in_a_frame_or_run_scripts_of_its_own(browser, serve):
    server = serve(WORLD)
    page = console(browser, server)
    # The policy of the page refuses what the page itself does not contain.
    browser.run("const it = document.createElement('script'); it.textContent = 'document.title = \"taken\"'; document.body.append(it)")
    assert browser.run("return document.title") != "taken"
    assert any("Content Security Policy" in it for it in browser.complaints())
    assert page.rows("keys")
    answer = raw.send(server, raw.Request("GET", "/", {"host": "localhost"}, b""))
    assert answer.status == 200 and "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    for headers in ({"host": "example.com"}, {"host": "localhost", "origin": "http://example.com"}):
        assert raw.send(server, raw.Request("GET", "/", headers, b"")).status == 403
    # What other services use the path for is not the console.
    assert raw.send(server, raw.Request("GET", "/?Action=GetCallerIdentity", {"host": "localhost"}, b"")).headers["content-type"] != "text/html; charset=utf-8"
