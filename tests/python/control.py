"""Requests to the control endpoints of `serve`, `record` and `replay`."""

import json
import urllib.error
import urllib.request
from urllib.parse import quote

from server import PATIENCE

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def control(server, method, path, body=None, **headers):
    """Status and answer of a request to the server's control endpoint; `Sec_Fetch` is the header `Sec-Fetch`."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(server.endpoint + path, data=data, method=method)
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with _OPENER.open(request, timeout=PATIENCE) as answer:
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def get(server, what):
    """The answer of `GET /kms-fixture/..`, which must succeed."""
    status, answer = control(server, "GET", f"/kms-fixture/{what}")
    assert status == 200, answer
    return answer


def post(server, what, body=None):
    """The answer of `POST /kms-fixture/..`, which must succeed."""
    status, answer = control(server, "POST", f"/kms-fixture/{what}", body)
    assert status == 200, answer
    return answer


def refused(server, method, what, body=None):
    """Status and text of the refusal of a request."""
    status, answer = control(server, method, f"/kms-fixture/{what}", body)
    assert status >= 400, answer
    return status, answer["error"]


def call_as(server, caller, operation, **given):
    """A call through the control endpoint `call`."""
    return post(server, "call", {"caller": caller, "operation": operation, "input": given})


def principal(name, change):
    return f"principals/{quote(name, safe='')}/{change}"
