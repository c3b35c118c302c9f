import assert from "node:assert/strict";
import { test } from "node:test";

import { DecryptCommand, EncryptCommand, ListGrantsCommand } from "@aws-sdk/client-kms";

import { startKms } from "./kms-fixture.js";
import { close, open } from "./leases.js";

const scenario = { keys: { orders: {} }, roles: { worker: {}, janitor: {} } };

const lease = (kms) => open(kms.client(), kms.key("orders"), kms.arn("worker"), kms.arn("janitor"));

test("a worker with a lease reads what it wrote", async (t) => {
  const kms = await startKms(t, scenario);
  await lease(kms);
  const worker = kms.client("worker");
  const Plaintext = new TextEncoder().encode("tea");
  const secret = await worker.send(new EncryptCommand({ KeyId: kms.key("orders"), Plaintext }));
  const opened = await worker.send(new DecryptCommand({ CiphertextBlob: secret.CiphertextBlob }));
  assert.deepEqual(new Uint8Array(opened.Plaintext), Plaintext);
});

test("a closed lease opens nothing", async (t) => {
  const kms = await startKms(t, scenario);
  await close(kms.client("janitor"), await lease(kms));
  const encrypt = new EncryptCommand({ KeyId: kms.key("orders"), Plaintext: new Uint8Array(1) });
  await assert.rejects(kms.client("worker").send(encrypt), { name: "AccessDeniedException" });
  const left = await kms.client().send(new ListGrantsCommand({ KeyId: kms.key("orders") }));
  assert.deepEqual(left.Grants, []);
});

test("only the janitor closes a lease", async (t) => {
  const kms = await startKms(t, scenario);
  const token = await lease(kms);
  await assert.rejects(close(kms.client("worker"), token), { name: "AccessDeniedException" });
  const [last] = (await kms.calls()).slice(-1);
  assert.deepEqual([last.caller, last.operation, last.code], ["worker", "RetireGrant", "AccessDeniedException"]);
});
