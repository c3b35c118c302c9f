// The code under test: leases of a key, as grants. It takes clients and knows nothing of the fixture.

import { CreateGrantCommand, RetireGrantCommand } from "@aws-sdk/client-kms";

// Lets a worker encrypt and decrypt with the key. Returns the lease.
export async function open(kms, key, worker, janitor) {
  const answer = await kms.send(
    new CreateGrantCommand({
      KeyId: key,
      GranteePrincipal: worker,
      RetiringPrincipal: janitor,
      Operations: ["Encrypt", "Decrypt"],
    }),
  );
  return answer.GrantToken;
}

// Ends a lease; the janitor may do so.
export async function close(kms, lease) {
  await kms.send(new RetireGrantCommand({ GrantToken: lease }));
}
