"""What must not survive in a file: every live value of a run, and the search for it."""

import base64
import json
import re
import urllib.parse


def encodings(text):
    """A text, or bytes, in every way in which it could hide in a file."""
    data = text if isinstance(text, bytes) else text.encode()
    if isinstance(text, bytes):
        text = data.decode("latin-1")
    found = {text, json.dumps(text)[1:-1], json.dumps(json.dumps(text))[3:-3], data.hex(), data.hex().upper()}
    found.add(data.decode("utf-8", "surrogateescape"))
    found |= {urllib.parse.quote(text), urllib.parse.quote(text, safe=""), urllib.parse.quote_plus(text, safe=":")}
    for shift in range(3):
        from_, to = -(-shift * 8 // 6), (shift + len(data)) * 8 // 6
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            found.add(encode(b"\0" * shift + data).decode()[from_:to])
    return found


def leaks(data, secrets):
    """The names of the secrets that stand in `data`, in whatever form."""
    text = data.decode("utf-8", "surrogateescape")
    return sorted(name for name, it in secrets.items() if any(form in text for form in encodings(it)))


class Canaries(dict):
    """Everything live of one run, by what it is."""

    def see(self, what, text):
        if isinstance(text, bytes):
            if len(text) < 8:
                return  # every file has such
            self[f"bytes of {what} {len(self)}"] = text
            if len(text) >= 32:
                self[f"last bytes of {what} {len(self)}"] = text[-16:]
            text = base64.b64encode(text).decode()
        if text and len(text) >= 4:
            self[f"{what} {len(self)}"] = text

    def see_credentials(self, server):
        for name, told in server.announced["callers"].items():
            for member in ("access_key_id", "secret_access_key", "session_token"):
                self.see(f"{member} of {name}", told[member])

    def see_answer(self, answer, what=""):
        """Whatever an answer has at members that hold what is live."""
        live = r"KeyId|.*Arn|GrantId|GrantToken|NextMarker|RequestId|.*MaterialId|AWSAccountId"
        live += r"|(PrivateKey)?Plaintext|.*CiphertextBlob|PublicKey|Signature|Mac|SharedSecret"
        for member, it in answer.items() if isinstance(answer, dict) else enumerate(answer):
            if isinstance(it, dict | list):
                self.see_answer(it, member)
            elif isinstance(it, str | bytes) and re.fullmatch(live, str(member)):
                self.see(member, it)
