// What an application does with grants, by the AWS SDK for JavaScript; in node and in a browser.
import { CreateGrantCommand, DecryptCommand, EncryptCommand, KMSClient, ListGrantsCommand, RetireGrantCommand } from "@aws-sdk/client-kms";

const text = (bytes) => new TextDecoder().decode(bytes);
const bytes = (text) => new TextEncoder().encode(text);

/** Runs with what `kms-fixture serve` prints; returns what happened. */
export async function leases(server) {
  const client = (name) => {
    const it = server.callers[name];
    const credentials = { accessKeyId: it.access_key_id, secretAccessKey: it.secret_access_key, sessionToken: it.session_token };
    return new KMSClient({ endpoint: server.endpoint, region: server.region, credentials, maxAttempts: 1 });
  };
  const [admin, worker] = [client("admin"), client("worker")];
  const KeyId = server.keys.orders.arn;
  const { CiphertextBlob } = await admin.send(new EncryptCommand({ KeyId, Plaintext: bytes("hello") }));
  const decrypt = () => worker.send(new DecryptCommand({ CiphertextBlob })).then((it) => text(it.Plaintext), (it) => it.name);

  const found = { before: await decrypt() };
  const grant = { KeyId, GranteePrincipal: server.callers.worker.arn, RetiringPrincipal: server.callers.worker.arn, Operations: ["Decrypt"] };
  const { GrantId } = await admin.send(new CreateGrantCommand(grant));
  found.with_grant = await decrypt();
  found.listed = (await admin.send(new ListGrantsCommand({ KeyId }))).Grants.map((it) => it.GrantId === GrantId);
  await worker.send(new RetireGrantCommand({ KeyId, GrantId }));
  found.retired = await decrypt();
  return found;
}
