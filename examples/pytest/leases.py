"""The code under test: leases of a key, as grants. It takes boto3 clients and knows nothing of the fixture."""


class Leases:
    def __init__(self, kms, key, janitor):
        self._kms, self._key, self._janitor = kms, key, janitor

    def open(self, worker):
        """Lets a worker decrypt with the key. Returns the lease."""
        answer = self._kms.create_grant(
            KeyId=self._key, GranteePrincipal=worker, RetiringPrincipal=self._janitor, Operations=["Encrypt", "Decrypt"]
        )
        return answer["GrantToken"]


def close(kms, lease):
    """Ends a lease; the janitor may do so."""
    kms.retire_grant(GrantToken=lease)
