// A fake AWS KMS for tests with node's runner: it knows who calls. One file, to copy.
//
// It needs `@aws-sdk/client-kms`, and the binary `kms-fixture` in the PATH or in the variable KMS_FIXTURE_BINARY.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { KMSClient } from "@aws-sdk/client-kms";

// Starts a fake for one test, or for the suite whose `after` is passed: `await startKms(t, scenario)`, or
// `await startKms({ after }, scenario)` in a `before`.
export async function startKms(t, scenario = {}) {
  const folder = await mkdtemp(join(tmpdir(), "kms-fixture-"));
  const file = join(folder, "scenario.json");
  await writeFile(file, JSON.stringify(scenario));
  const binary = process.env.KMS_FIXTURE_BINARY ?? "kms-fixture";
  // The server ends when its standard input closes, also if this process is killed.
  const server = spawn(binary, ["serve", "--format", "json", "--scenario", file], { stdio: "pipe" });
  let errors = "";
  server.stderr.on("data", (data) => (errors += data));
  const ended = once(server, "close");
  let kms;
  // Before anything can fail: a test that fails ends its server, too.
  t.after(async () => {
    kms?.close();
    server.stdin.end();
    const [code] = await ended;
    await rm(folder, { recursive: true });
    // The scenario denies leaks, and a grant is left.
    assert.equal(code, 0, errors);
  });
  const line = once(createInterface({ input: server.stdout }), "line");
  const started = await Promise.race([line, ended.then(() => null)]);
  if (!started) {
    throw new Error(`kms-fixture did not start: ${errors}`);
  }
  kms = new Kms(JSON.parse(started[0]));
  return kms;
}

// A running fake, with clients for its callers.
export class Kms {
  #announced;
  #clients = [];

  constructor(announced) {
    this.#announced = announced;
    this.endpoint = announced.endpoint;
  }

  // Returns a client that calls as the declared role or user, or as the administrator.
  client(caller = "admin") {
    const { access_key_id, secret_access_key, session_token } = this.#announced.callers[caller];
    const client = new KMSClient({
      endpoint: this.endpoint,
      region: this.#announced.region,
      credentials: {
        accessKeyId: access_key_id,
        secretAccessKey: secret_access_key,
        sessionToken: session_token ?? undefined,
      },
    });
    this.#clients.push(client);
    return client;
  }

  // Returns the ARN by which a grant names a caller.
  arn(caller) {
    return this.#announced.callers[caller].arn;
  }

  // Returns the ARN of a declared key.
  key(name) {
    return this.#announced.keys[name].arn;
  }

  // Returns the token of a declared grant.
  grantToken(name) {
    return this.#announced.grants[name].grant_token;
  }

  // Returns the calls so far, with `caller`, `operation`, `on`, `code` and `why`.
  async calls() {
    return (await fetch(`${this.endpoint}/kms-fixture/calls`)).json();
  }

  close() {
    this.#clients.forEach((it) => it.destroy());
  }
}
