import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CertificateFolder } from '#support/certificates.ts';
import { Cli, type CliEnd, runCli } from '#support/cli.ts';
import { acceptedSocket, recordLines, SessionFolder } from '#support/session.ts';

/** Under the first of these a thread's event loop cannot be made. Under fewer, Node itself does not start. */
const least = 24;

/** Under this one all works. */
const ample = 40;

/** Each with `PORT` of a server, `FILE` to send or to reply with, `SESSION`, `LINES` exported from it, `FOLDER` of documents, the PEM files `CERT` and `KEY`, and `NEW` that is to be made. */
const commands: Readonly<Record<string, readonly string[]>> = {
  'a file that is sent and recorded': ['send', 'PORT', '--file', 'FILE', '--wait', '0', '--record', 'NEW'],
  'an export': ['log', 'export', 'SESSION', '-o', 'NEW'],
  'an import': ['log', 'import', 'LINES', '-o', 'NEW'],
  'a re-framing': ['log', 'reframe', 'SESSION', '--framing', 'line', '-o', 'NEW'],
  'a count': ['log', 'stats', 'SESSION'],
  'an export of a database': ['log', 'export', 'SESSION', '--format', 'sqlite', '-o', 'NEW'],
  'a folder of payloads': ['check-payload', 'FOLDER'],
  'a recorded server': ['listen', '0', '--record', 'NEW'],
  'a reply file': ['listen', '0', '--reply-file', 'FILE'],
  'a TLS key': ['listen', '0', '--tls', '--cert', 'CERT', '--key', 'KEY'],
};

// prlimit is Linux's.
describe.runIf(process.platform === 'linux')('under a limit of open files that hardly suffices', () => {
  const folder = mkdtempSync(join(tmpdir(), 'wirebench-scarce-'));
  const certificates = new CertificateFolder();
  const sessions = new SessionFolder();
  const server = net.createServer((socket) => socket.on('error', () => {}).resume());
  const values: Record<string, string> = { FILE: join(folder, 'payload'), SESSION: sessions.file('a.wirebench') };

  beforeAll(async () => {
    writeFileSync(join(folder, 'payload'), 'here');
    const log = sessions.create('a.wirebench');
    log.describe(acceptedSocket);
    recordLines(log, 10);
    await log.close();
    values.LINES = join(folder, 'lines.jsonl');
    writeFileSync(values.LINES, (await runCli(['log', 'export', sessions.file('a.wirebench')])).stdout);
    values.FOLDER = join(folder, 'documents');
    mkdirSync(values.FOLDER);
    writeFileSync(join(values.FOLDER, 'a.json'), '{}');
    const leaf = await certificates.leaf();
    values.CERT = leaf.certificate;
    values.KEY = leaf.key;
    await once(server.listen(0, '127.0.0.1'), 'listening');
    values.PORT = `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
  });
  afterAll(async () => {
    server.close();
    certificates[Symbol.dispose]();
    await sessions[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  });

  /** Runs a command to its end. Stops a server as soon as it listens. */
  async function ended(args: readonly string[], descriptors: number): Promise<CliEnd> {
    const given = args.map((part) =>
      part === 'NEW'
        ? join(folder, `${descriptors}-${args.join('-').replaceAll('/', '')}.new`)
        : (values[part] ?? part),
    );
    await using cli = new Cli(given, { descriptors });
    if (args[0] === 'listen') {
      await cli.port().then(
        () => cli.kill(),
        () => {},
      );
    }
    return await cli.end();
  }

  it.each(Object.keys(commands))('%s works, or fails with the limit and how to raise it', async (name) => {
    // Up to the first one under which it works.
    for (let limit = least, works = false; !works; limit += 1) {
      const { code, stderr } = await ended(commands[name] ?? [], limit);
      expect(stderr).not.toMatch(/ {4}at |node:internal|This is a bug/);
      works = code === 0;
      if (works) continue;
      // Of a payload that could not be read, `check-payload` says 2.
      const wanted = name === 'a folder of payloads' ? 2 : 1;
      expect({ limit, code, stderr }).toMatchObject({ code: wanted, stderr: expect.stringContaining('ulimit -n') });
      expect(stderr).toMatch(new RegExp(`(?:may have|of the|limit is) ${limit}\\b`));
      expect(limit).toBeLessThan(ample);
    }
  });
});
