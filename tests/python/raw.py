"""Requests made by hand: signed by botocore's signer, sent as they are, answers taken apart."""

import datetime
import http.client
import json
import socket
from dataclasses import dataclass

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest

from server import PATIENCE

CONTENT_TYPE = "application/x-amz-json-1.1"
STAMP = "%Y%m%dT%H%M%SZ"


@dataclass
class Request:
    """A request: what is signed is what is sent, unless a test changes it in between."""

    method: str
    path: str
    headers: dict
    body: bytes

    def with_headers(self, **changes):
        """The same with headers changed, `_` for `-`; `None` takes a header away."""
        wanted = {name.replace("_", "-").lower(): value for name, value in changes.items()}
        headers = {name: value for name, value in self.headers.items() if name.lower() not in wanted}
        headers |= {name: value for name, value in wanted.items() if value is not None}
        return Request(self.method, self.path, headers, self.body)

    def encode(self):
        """The bytes that go over the wire."""
        lines = [f"{self.method} {self.path} HTTP/1.1"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        lines += [f"content-length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode() + self.body


@dataclass
class Answer:
    """An answer: status, headers with lower-case names, body."""

    status: int
    headers: dict
    body: bytes

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        return self.json.get("__type")

    @property
    def message(self):
        """The text, under the name that errors of the service have it."""
        return self.json.get("message")

    @property
    def error(self):
        """Status, code and text."""
        return self.status, self.code, self.message


class Signer(SigV4Auth):
    """botocore's signer with a clock to set and headers to leave out."""

    def __init__(self, credentials, service, region, now, unsigned):
        super().__init__(credentials, service, region)
        self._now = now
        self._unsigned = unsigned

    def headers_to_sign(self, request):
        headers = super().headers_to_sign(request)
        for name in self._unsigned:
            del headers[name]
        return headers

    def _set_necessary_date_headers(self, request):
        # botocore would write a `Date` of its own, in a form that is none of HTTP's.
        if "Date" not in request.headers:
            super()._set_necessary_date_headers(request)

    def add_auth(self, request):
        request.context["timestamp"] = self._now.strftime(STAMP)
        self._modify_request_before_signing(request)
        to_sign = self.string_to_sign(request, self.canonical_request(request))
        self._inject_signature_to_request(request, self.signature(to_sign, request))


def utcnow():
    return datetime.datetime.now(datetime.timezone.utc)


def unsigned(server, operation, body=b"{}", *, method="POST", path="/", headers=None):
    """A request without a signature."""
    all_headers = {
        "host": server.endpoint.removeprefix("http://"),
        "content-type": CONTENT_TYPE,
        "x-amz-target": f"TrentService.{operation}",
    }
    all_headers |= headers or {}
    return Request(method, path, {k: v for k, v in all_headers.items() if v is not None}, encoded(body))


def encoded(body):
    """Bytes as they are, anything else as JSON."""
    return body if isinstance(body, bytes) else json.dumps(body).encode()


def signed(
    server,
    operation,
    body=b"{}",
    *,
    caller="admin",
    credentials=None,
    region=None,
    service="kms",
    now=None,
    leave_unsigned=(),
    **options,
):
    """A request of `caller`, signed."""
    request = unsigned(server, operation, body, **options)
    aws = AWSRequest(
        method=request.method,
        url=server.endpoint + request.path,
        headers=request.headers,
        data=request.body,
    )
    credentials = credentials or server.credentials(caller)
    region = region or server.region
    Signer(credentials, service, region, now or utcnow(), leave_unsigned).add_auth(aws)
    request.headers = dict(aws.headers.items())
    return request


def send(server, request):
    """Sends a request on a connection of its own."""
    connection = http.client.HTTPConnection(*server.address, timeout=PATIENCE)
    try:
        connection.request(request.method, request.path, request.body, request.headers)
        return receive(connection.getresponse())
    finally:
        connection.close()


def receive(response):
    headers = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, headers, response.read())


def call(server, operation, body=b"{}", **options):
    """Signs and sends."""
    return send(server, signed(server, operation, body, **options))


def send_bytes(server, data, *, finish=True):
    """Sends bytes that may be no HTTP at all; gives everything that comes back until the connection is closed.

    With `finish` the sender closes its side, so that nobody waits for the rest of what is cut off; a server may take
    that for a client that has gone. Without it the server has to close, as `connection: close` asks it to.
    """
    with socket.create_connection(server.address, timeout=PATIENCE) as connection:
        try:
            connection.sendall(data)
            if finish:
                connection.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # closed before it had listened to the end, which it may
        received = b""
        while True:
            try:
                more = connection.recv(65536)
            except ConnectionResetError:
                return received
            if not more:
                return received
            received += more
