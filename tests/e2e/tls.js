// A TLS proxy in front of programs on this machine, so that a browser can use their host names.

import { execFileSync } from "node:child_process";
import { X509Certificate, createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The missing program, with the command that installs it. */
export function missing() {
  try {
    execFileSync("openssl", ["version"], { stdio: "ignore" });
  } catch {
    return "openssl is missing: apt-get install openssl";
  }
}

/**
 * Forwards requests for these names to their ports, `{ "app.shop.test": 3000 }`; ports may be added later.
 *
 * Returns arguments for Chromium, which then cannot reach other host names, and the list of forwarded requests.
 */
export async function serve(t, names, ports) {
  const { key, cert } = certificate(names);
  const requests = [];
  const server = https.createServer({ key, cert }, (request, response) => {
    requests.push({ method: request.method, host: request.headers.host, url: request.url, headers: request.headers });
    const headers = { ...request.headers, "x-forwarded-proto": "https", "x-forwarded-host": request.headers.host };
    const target = { host: "127.0.0.1", port: ports[request.headers.host], method: request.method, path: request.url };
    const forwarded = http.request({ ...target, headers }, (received) => {
      response.writeHead(received.statusCode, received.rawHeaders);
      received.pipe(response);
    });
    forwarded.on("error", () => response.destroy());
    request.pipe(forwarded);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address();
  const rules = names.map((name) => `MAP ${name}:443 127.0.0.1:${port}`);
  const others = ["MAP * ~NOTFOUND", "EXCLUDE localhost", "EXCLUDE 127.0.0.1"];
  const spki = new X509Certificate(cert).publicKey.export({ type: "spki", format: "der" });
  const args = [
    `--host-resolver-rules=${[...rules, ...others].join(", ")}`,
    `--ignore-certificate-errors-spki-list=${createHash("sha256").update(spki).digest("base64")}`,
  ];
  return { args, requests };
}

/** A self-signed certificate for these names. */
function certificate(names) {
  const folder = mkdtempSync(join(tmpdir(), "clerk-e2e-"));
  const [key, cert] = ["key.pem", "cert.pem"].map((name) => join(folder, name));
  try {
    const kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"];
    const subject = ["-subj", "/CN=clerk-e2e", "-addext", `subjectAltName=${names.map((name) => `DNS:${name}`).join(",")}`];
    execFileSync("openssl", ["req", ...kind, ...subject, "-keyout", key, "-out", cert], { stdio: "ignore" });
    return { key: readFileSync(key), cert: readFileSync(cert) };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
