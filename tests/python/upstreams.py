"""Services for the recorder to call, all on this machine: moto, what AWS has published, our own fake behind TLS.

And `record` and `replay` as processes, as `server.py` has `serve`.
"""

import contextlib
import http.client
import http.server
import json
import logging
import os
import re
import socket
import ssl
import subprocess
import threading

import trustme

from server import BINARY, PATIENCE, Server, first_line

# What would reach the recorder from outside, and what a test sets for it.
_OURS = re.compile("AWS_|KMS_FIXTURE_|CI$|.*_proxy$", re.IGNORECASE)


def environment(**more):
    """The environment of a recorder that knows no one, and `more`."""
    clean = {name: value for name, value in os.environ.items() if not _OURS.match(name)}
    nothing = {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return clean | nothing | {name: str(value) for name, value in more.items()}


# --- Commands ---


class Listener(Server):
    """A command that listens and announces itself as `serve` does."""

    def __init__(self, command, *arguments, env=None, **options):
        self.process = subprocess.Popen(
            [BINARY, command, "--format", "json", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=env or environment(),
            **options,
        )
        self._clients = {}
        line = first_line(self.process.stdout)
        if not line:
            _, error = self.process.communicate(timeout=PATIENCE)
            raise Refused(self.process.returncode, error.decode())
        self.announced = json.loads(line)

    def end(self):
        """Closes standard input; gives the exit code and what was said on standard error."""
        for client in self._clients.values():
            client.close()
        code, rest, error = self.wait()
        assert rest == ""
        return code, error

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()


class Refused(Exception):
    """A command that has not started: its exit code, and why."""

    def __init__(self, code, said):
        super().__init__(f"exit code {code}: {said}")
        self.code, self.said = code, said


def recorder(cassette, upstream, *arguments, **options):
    """`kms-fixture record`."""
    return Listener("record", "--cassette", cassette, "--upstream", upstream, *arguments, **options)


def replayer(cassette, **options):
    """`kms-fixture replay`."""
    return Listener("replay", cassette, **options)


def run(*arguments, **options):
    """A command that ends by itself; gives the exit code and everything that it said."""
    done = subprocess.run(
        [BINARY, *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=PATIENCE,
        env=options.pop("env", None) or environment(),
        **options,
    )
    return done.returncode, done.stdout


# --- Services ---


@contextlib.contextmanager
def moto():
    """moto's server, with nothing in it; gives its URL."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        url = f"http://{host}:{port}"
        reset(url)
        yield url
    finally:
        server.stop()


def reset(url):
    """Takes everything out of a moto that is shared."""
    host, port = url.removeprefix("http://").split(":")
    connection = http.client.HTTPConnection(host, int(port), timeout=PATIENCE)
    connection.request("POST", "/moto-api/reset")
    assert connection.getresponse().status == 200
    connection.close()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = self.rfile.read(int(self.headers["content-length"]))
        operation = self.headers["x-amz-target"].removeprefix("TrentService.")
        status, answer = self.server.answer(operation, json.loads(body or b"{}"))
        text = b"" if answer is None else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("content-type", "application/x-amz-json-1.1")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


class Published(http.server.ThreadingHTTPServer):
    """Answers each published request with what was published, and every other one as AWS does what it cannot find."""

    daemon_threads = True

    def __init__(self, exchanges):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.exchanges = list(exchanges)
        self.url = f"http://127.0.0.1:{self.server_port}"

    def answer(self, operation, body):
        for it in self.exchanges:
            if (it["operation"], it["input"]) == (operation, body):
                return 200, it["output"]
        return 400, {"__type": "NotFoundException"}

    def __enter__(self):
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()


class Scripted(Published):
    """Answers the calls of a transcript in their order; whatever else the recorder asks finds nothing, and may end all."""

    def __init__(self, calls):
        super().__init__([])
        self.calls = list(calls)

    def answer(self, operation, body):
        for at, (name, asked, status, output) in enumerate(self.calls):
            if (name, asked) == (operation, body):
                del self.calls[at]
                return status, output
        if operation == "RevokeGrant":
            return 200, None
        if operation == "ListGrants":
            return 200, {"Grants": [], "Truncated": False}
        return 400, {"__type": "NotFoundException"}


class Tls:
    """A certificate authority, and a proxy that takes TLS off what goes to `address` and changes no byte of it."""

    def __init__(self, address, names=("localhost", "127.0.0.1")):
        self.address = address
        self.authority = trustme.CA()
        self.heard = []
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(*names).configure_cert(self._context)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._threads = [threading.Thread(target=self._accept)]

    @property
    def url(self):
        return f"https://localhost:{self._listening.getsockname()[1]}"

    def bundle(self, folder):
        """A file with the authority's certificate, for `AWS_CA_BUNDLE`."""
        path = folder / "authority.pem"
        self.authority.cert_pem.write_to_path(path)
        return path

    def __enter__(self):
        self._threads[0].start()
        return self

    def __exit__(self, *_):
        # Closing it would not wake up who waits.
        self._listening.shutdown(socket.SHUT_RDWR)
        for it in self._threads:
            it.join(PATIENCE)
        self._listening.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            client.settimeout(PATIENCE)
            thread = threading.Thread(target=self._serve, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, raw):
        try:
            with self._context.wrap_socket(raw, server_side=True) as client:
                with socket.create_connection(self.address, timeout=PATIENCE) as server:
                    back = threading.Thread(target=self._back, args=(server, client))
                    back.start()
                    while data := client.recv(65536):
                        self.heard.append(data)
                        server.sendall(data)
                    with contextlib.suppress(OSError):
                        server.shutdown(socket.SHUT_WR)
                    back.join(PATIENCE)
        except OSError:
            raw.close()  # a client that does not trust us, or has gone

    def _back(self, server, client):
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)
