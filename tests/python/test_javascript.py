"""The AWS SDK for JavaScript, in node and in a page of Chromium (CORS)."""

import filecmp
import http.server
import json
import os
import shutil
import subprocess
import threading

import pytest

from browser import Browser, missing
from control import get
from server import ROOT

SOURCES = ROOT / "tests/python/javascript"
FOLDER = ROOT / "target/javascript"

pytestmark = pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="node and npm are missing")

WORLD = {"keys": {"orders": {}}, "roles": {"worker": {}}}

EXPECTED = {
    "before": "AccessDeniedException",
    "with_grant": "hello",
    "listed": [True],
    "retired": "AccessDeniedException",
}


@pytest.fixture(scope="module")
def packages():
    """The folder with the packages, which are installed again when other ones are required."""
    required, installed = SOURCES / "package.json", FOLDER / "installed.json"
    if not (installed.is_file() and filecmp.cmp(required, installed, shallow=False)):
        shutil.rmtree(FOLDER, ignore_errors=True)
        FOLDER.mkdir(parents=True)
        shutil.copy(required, FOLDER)
        subprocess.run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund", "--silent"], cwd=FOLDER, check=True, timeout=300)
        shutil.copy(required, installed)
    for source in SOURCES.glob("*.js"):
        shutil.copy(source, FOLDER)
    return FOLDER


def test_in_node(serve, packages):
    server = serve(WORLD)
    command = ["node", packages / "node.js", json.dumps(server.announced)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == EXPECTED


@pytest.mark.skipif(bool(missing()), reason=missing() or "a browser is there")
def test_in_a_page_of_another_origin(serve, packages, tmp_path):
    bundle = tmp_path / "page" / "bundle.js"
    esbuild = packages / "node_modules/.bin/esbuild"
    subprocess.run([esbuild, packages / "browser.js", "--bundle", "--log-level=error", f"--outfile={bundle}"], check=True, timeout=120)
    (bundle.parent / "index.html").write_text('<!doctype html><link rel="icon" href="data:,"><script src="bundle.js"></script>')

    class Page(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=os.fspath(bundle.parent))

        def log_message(self, *_):
            pass

    server = serve(WORLD)
    pages = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=pages.serve_forever)
    thread.start()
    browser = Browser(tmp_path)
    try:
        browser.open(f"http://127.0.0.1:{pages.server_port}/")
        assert browser.promise("return await leases(arguments[0])", server.announced) == EXPECTED
    finally:
        browser.close()
        pages.shutdown()
        thread.join()
        pages.server_close()
    # Preflights are not calls.
    operations = [it["operation"] for it in get(server, "calls")]
    assert operations == ["Encrypt", "Decrypt", "CreateGrant", "Decrypt", "ListGrants", "RetireGrant", "Decrypt"]
