"""Chromium, driven by Debian's `chromedriver` over its HTTP interface (W3C WebDriver): no package, no download."""

import base64
import json
import os
import re
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

from server import PATIENCE

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

# The name of an element in WebDriver's JSON.
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def missing():
    """The reason why there is no browser, or nothing."""
    found = {"chromium": CHROMIUM, "chromedriver": DRIVER}
    lacking = [name for name, path in found.items() if not path]
    return f"{' and '.join(lacking)} missing: apt-get install chromium chromium-driver" if lacking else ""


class Browser:
    """A browser with one window."""

    def __init__(self, folder: Path, dark=False, size=(1440, 1000)):
        self.driver = subprocess.Popen(
            [DRIVER, "--port=0"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            env={**os.environ, "HOME": str(folder)},
        )
        self.session = None
        port = None
        while port is None:
            line = self.driver.stdout.readline()
            assert line, "chromedriver ended"
            port = re.search(r"success.* on port ([1-9]\d*)", line)
        self.url = f"http://127.0.0.1:{port[1]}"
        options = {
            "binary": CHROMIUM,
            "args": [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-proxy-server",
                f"--window-size={size[0]},{size[1]}", f"--user-data-dir={folder / 'profile'}",
            ],
        }
        capabilities = {"alwaysMatch": {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}}
        self.session = self._send("POST", "/session", {"capabilities": capabilities})["sessionId"]
        self.scheme("dark" if dark else "light")

    def _send(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.url + path, data=data, method=method)
        request.add_header("Content-Type", "application/json")
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE * 2) as answer:
                return json.load(answer)["value"]
        except urllib.error.HTTPError as refused:
            raise AssertionError(json.load(refused)["value"]["message"]) from None

    def _ask(self, method, path, body=None):
        return self._send(method, f"/session/{self.session}{path}", body)

    def scheme(self, name):
        """Prefers `light` or `dark`."""
        features = [{"name": "prefers-color-scheme", "value": name}]
        self.devtools("Emulation.setEmulatedMedia", {"features": features})

    def devtools(self, command, parameters):
        return self._ask("POST", "/goog/cdp/execute", {"cmd": command, "params": parameters})

    def open(self, url):
        self._ask("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """The value of a script in the page: `return ..`."""
        return self._ask("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def promise(self, script, *arguments):
        """The value of an asynchronous script in the page."""
        wrapped = f"const done = arguments[arguments.length - 1]; (async () => {{ {script} }})().then(done, (it) => done(String(it)));"
        return self._ask("POST", "/execute/async", {"script": wrapped, "args": list(arguments)})

    def find(self, selector):
        found = self._ask("POST", "/element", {"using": "css selector", "value": selector})
        return found[_ELEMENT]

    def button(self, name, within="body"):
        """The selector of the visible button with this accessible name."""
        script = """
            const buttons = [...document.querySelectorAll(arguments[1] + ' button')];
            const it = buttons.find((it) => (it.getAttribute('aria-label') || it.textContent).trim() === arguments[0] && it.offsetParent);
            if (!it) return null;
            it.dataset.found = 'yes' + buttons.indexOf(it);
            return `[data-found="${it.dataset.found}"]`;
        """
        found = self.run(script, name, within)
        assert found, f"no button {name!r} in {within}"
        return found

    def click(self, selector):
        self._ask("POST", f"/element/{self.find(selector)}/click", {})

    def type(self, selector, text):
        element = self.find(selector)
        self._ask("POST", f"/element/{element}/clear", {})
        self._ask("POST", f"/element/{element}/value", {"text": text})

    def choose(self, selector, value):
        """Chooses an option of a list."""
        script = "const it = document.querySelector(arguments[0]); it.value = arguments[1]; it.dispatchEvent(new Event('change', {bubbles: true})); return it.value"
        assert self.run(script, selector, value) == value, f"{selector} has no {value!r}"

    def keys(self, text):
        """Presses keys, wherever the focus is."""
        presses = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._ask("POST", "/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": presses}]})

    def text(self, selector):
        """The text of an element as it is shown."""
        return self._ask("GET", f"/element/{self.find(selector)}/text")

    def until(self, condition, what):
        """The first true value of `condition`; the page changes by itself."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if found := condition():
                return found
            time.sleep(0.02)
        raise AssertionError(f"{what}: not within {PATIENCE} s; the page shows\n{self.text('body')}")

    def picture(self, path):
        Path(path).write_bytes(base64.b64decode(self._ask("GET", "/screenshot")))

    def complaints(self):
        """The errors of the page's console, such as violations of its policy."""
        found = self._ask("POST", "/se/log", {"type": "browser"})
        return [it["message"] for it in found if it["level"] in ("SEVERE", "WARNING")]

    def close(self):
        if self.session:
            self._ask("DELETE", "")
        self.driver.terminate()
        self.driver.communicate(timeout=PATIENCE)
