import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { diagnose as diagnoseInTime } from '#engine/doctor/diagnose.ts';
import type { Diagnosis, Trouble } from '#engine/doctor/diagnosis.ts';
import { type DoctorSystem, thisSystem } from '#engine/doctor/system.ts';
import { connectTrouble, listenTrouble } from '#support/doctor-troubles.ts';
import { clientTrouble, serverTrouble } from '#support/fake-doctor-system.ts';
import { Peer, startPeer } from '#support/peer.ts';
import { withoutRights } from '#support/without-rights.ts';

const onLinux = process.platform === 'linux';
const python = /python3?(\.\d+)? \(process \d+\)/;

/** Looks for the cause for as long as a machine that is busy with something else needs. */
function diagnose(trouble: Trouble, system: DoctorSystem = thisSystem): Promise<Diagnosis> {
  return diagnoseInTime(trouble, system, 20);
}

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(os.tmpdir(), 'doctor-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function holding(...args: string[]): Promise<{ peer: Peer; port: number }> {
  const peer = await startPeer('doctor_peer.py', ...args);
  return { peer, port: Number(await peer.line()) };
}

describe('refused', () => {
  test.runIf(onLinux)('finds the server on the other address family', async () => {
    const { peer, port } = await holding('tcp', '::1');
    await using _ = peer;
    const { code, hint, checks } = await diagnose(await connectTrouble({ port }));
    expect(code).toBe('refused');
    expect(hint).toMatch(/listens on ::1 only\. Connect to ::1\.$/);
    expect(hint).toMatch(python);
    expect(checks).toHaveLength(1);
  });

  test.runIf(onLinux)('finds the server by a name, too', async () => {
    const { peer, port } = await holding('tcp', '::1');
    await using _ = peer;
    const tried = ['127.0.0.1'];
    const trouble = clientTrouble('ECONNREFUSED', { host: 'localhost', port }, { tried });
    expect((await diagnose(trouble)).hint).toContain('Connect to ::1.');
  });

  test.runIf(onLinux)('finds the server that listens on the loopback only', async () => {
    // Without a network, another address of the loopback is its own as well; nothing more can be reached then.
    const own = thisSystem.interfaces().find(({ family, loopback }) => family === 4 && !loopback);
    const advice = own ? 'Connect to 127.0.0.1, or start that server on 0.0.0.0.' : 'Connect to 127.0.0.1.';
    const { peer, port } = await holding('tcp', '127.0.0.1');
    await using _ = peer;
    const { hint } = await diagnose(await connectTrouble({ host: own?.host ?? '127.0.0.2', port }));
    expect(hint).toContain(`listens on 127.0.0.1 only. ${advice}`);
  });

  test.runIf(onLinux)('finds that the port is open for UDP', async () => {
    const { peer, port } = await holding('udp', '127.0.0.1');
    await using _ = peer;
    expect((await diagnose(await connectTrouble({ port }))).hint).toMatch(/for UDP, not for TCP: select UDP\.$/);
  });

  test.runIf(onLinux)('finds a server on the next port', async () => {
    const { peer, port } = await holding('tcp', '127.0.0.1');
    await using _ = peer;
    const beside = port === 65_535 ? port - 1 : port + 1;
    const { hint, checks } = await diagnose(clientTrouble('ECONNREFUSED', { port: beside }));
    expect(hint).toContain(`Nothing listens on port ${beside}, but `);
    expect(checks.join(' ')).toContain(String(port));
  });

  test('without tables finds the server on the other address family by trying it', async () => {
    const { peer, port } = await holding('tcp', '::1');
    await using _ = peer;
    const elsewhere = { ...thisSystem, sockets: async () => undefined };
    const { hint } = await diagnose(clientTrouble('ECONNREFUSED', { port }), elsewhere);
    expect(hint).toContain(`but a server listens on [::1]:${port}: connect to ::1.`);
  });
});

describe('in use', () => {
  test('names the program that has a TCP port open, and a free port that can be bound', async () => {
    const { peer, port } = await holding('tcp', '127.0.0.1');
    await using _ = peer;
    const { code, hint, freePort } = await diagnose(await listenTrouble({ port }));
    expect(code).toBe('address-in-use');
    expect(hint).toContain(`use port ${freePort}, which is free.`);
    if (onLinux) expect(hint).toMatch(new RegExp(`^${python.source} has port ${port} open\\.`));
    await expect(listenTrouble({ port: freePort as number })).rejects.toThrow('it listens');
  });

  test.runIf(onLinux)('names the program that has a UDP port open', async () => {
    const { peer, port } = await holding('udp', '0.0.0.0');
    await using _ = peer;
    const { hint, freePort, checks } = await diagnose(serverTrouble('EADDRINUSE', { transport: 'udp', port }));
    expect(hint).toMatch(new RegExp(`^${python.source} has port ${port} open\\.`));
    expect(freePort).toBeGreaterThan(0);
    expect(checks).toContain(
      'It has the port open on all addresses: the port is not free on any other address of this machine.',
    );
  });

  test.runIf(onLinux)('names ncat', async () => {
    const { peer, port } = await holding('tcp', '127.0.0.1');
    await peer[Symbol.asyncDispose]();
    await using ncat = new Peer('ncat', ['-v', '--listen', '127.0.0.1', String(port), '--keep-open']);
    while ((await diagnose(serverTrouble('EADDRINUSE', { port }))).hint.startsWith('Another program'));
    expect((await diagnose(await listenTrouble({ port }))).hint).toMatch(/^ncat \(process \d+\) has port \d+ open/);
    ncat.end();
  });

  test.runIf(onLinux)('names this program', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    expect((await diagnose(await listenTrouble({ port }))).hint).toContain('nother server of this Wirebench has port');
    await new Promise((resolve) => server.close(resolve));
  });
});

describe('an address', () => {
  test('that this machine does not have', async () => {
    const { code, hint } = await diagnose(await listenTrouble({ host: '192.0.2.1', port: 0 }));
    expect(code).toBe('address-not-available');
    expect(hint).toMatch(/^192\.0\.2\.1 is not an address of this machine\. Use 127\.0\.0\.1, 0\.0\.0\.0 for all/);
  });

  test.runIf(onLinux)('that is link-local needs its interface', async () => {
    const { hint } = await diagnose(await listenTrouble({ host: 'fe80::1', port: 0 }));
    expect(hint).toMatch(/^fe80::1 is a link-local address, which needs its interface: enter fe80::1%/);
  });

  test.runIf(onLinux)('that is for broadcasts is not for TCP', async () => {
    const { hint } = await diagnose(await connectTrouble({ host: '255.255.255.255', port: 9 }));
    expect(hint).toMatch(/(is a broadcast address, which only UDP can send to|has no network connection)/);
  });
});

test.runIf(onLinux)('a privileged port', async () => {
  const { code, hint } = await withoutRights(async () => diagnose(await listenTrouble({ port: 81 })));
  expect(code).toBe('access-denied');
  expect(hint).toMatch(/require root privileges on this machine: use port \d+, which is free\.$/);
});

test.runIf(onLinux)('finds that the backlog of a server that does not accept is full', async () => {
  await using silent = await startPeer('full_queue.py');
  const port = Number(await silent.line());
  const { code, hint, checks } = await diagnose(await connectTrouble({ port }));
  expect(code).toBe('timed-out');
  expect(hint).toMatch(/listens there but does not accept connections, and its backlog is full/);
  expect(checks[0]).toMatch(/\d+ connections? waits? for accept\(\)\.$/);
});

describe('TLS to a plain port', () => {
  test.each([
    ['SSH-2.0-OpenSSH_9.6', 'SSH'],
    ['220 mail.example.com ESMTP', 'SMTP'],
    ['220 (vsFTPd 3.0.5)', 'FTP'],
  ])('that greets with %s is reported to speak %s', async (greeting, name) => {
    const { peer, port } = await holding('greet', greeting);
    await using _ = peer;
    const { code, hint, checks } = await diagnose(await connectTrouble({ transport: 'tls', port }));
    expect(code).toBe('wrong-protocol');
    expect(hint).toBe(`This port speaks ${name}, not TLS: select TCP.`);
    expect(checks).toContain(`Connected without TLS, 127.0.0.1:${port} sends “${greeting}”.`);
  });

  test('that is silent is reported not to speak TLS', async () => {
    const { peer, port } = await holding('silent');
    await using _ = peer;
    const trouble = await connectTrouble({ transport: 'tls', port });
    const { code, hint } = await diagnose({ ...trouble, failure: { ...trouble.failure, call: 'handshake' } });
    expect(code).toBe('timed-out');
    expect(hint).toContain('does not answer the TLS handshake. If the server does not speak TLS, select TCP');
  });

  test('of an echo server', async () => {
    const server = net.createServer((socket) => socket.on('error', () => {}).pipe(socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    // The doctor waits for a greeting that never comes: here as long as for users, which changes nothing in what it finds.
    const { code, hint } = await diagnoseInTime(await connectTrouble({ transport: 'tls', port }));
    expect(code).toBe('wrong-protocol');
    expect(hint).toBe(`The other side does not speak TLS on port ${port}: select TCP, or check the port.`);
    server.close();
  });
});

describe.runIf(process.platform !== 'win32')('a local socket', () => {
  const path = (name: string) => join(folder, name);

  test('whose server has ended', async () => {
    const file = path('stale');
    await using peer = await startPeer('doctor_peer.py', 'stale', file);
    await peer.line();
    const { hint } = await diagnose(await connectTrouble({ transport: 'local', path: file }));
    expect(hint).toBe(
      `No program listens on ${file} any more: its server has ended and left the file. Start the server again.`,
    );
    const listening = await diagnose(await listenTrouble({ transport: 'local', path: file }));
    expect(listening.hint).toContain('was left by a server that has ended');
  });

  test('that is a file, or does not exist', async () => {
    const file = path('file');
    await writeFile(file, '');
    expect((await diagnose(await connectTrouble({ transport: 'local', path: file }))).hint).toContain(
      'is a file, not a socket',
    );
    const missing = await diagnose(await connectTrouble({ transport: 'local', path: path('missing') }));
    expect(missing).toMatchObject({ code: 'file', hint: expect.stringContaining('start the server that creates it') });
    const folderless = await diagnose(await listenTrouble({ transport: 'local', path: path('a/b') }));
    expect(folderless.hint).toContain('does not exist: create it');
  });

  test.runIf(onLinux)('that another program has open', async () => {
    const file = path('held');
    await using peer = await startPeer('doctor_peer.py', 'local', file);
    await peer.line();
    const { code, hint } = await diagnose(await listenTrouble({ transport: 'local', path: file }));
    expect(code).toBe('address-in-use');
    expect(hint).toMatch(new RegExp(`^${python.source} has `));
  });

  test.runIf(onLinux)('that is a datagram socket', async () => {
    const file = path('datagram');
    await using peer = await startPeer('doctor_peer.py', 'datagram', file);
    await peer.line();
    const { hint } = await diagnose(await connectTrouble({ transport: 'local', path: file }));
    expect(hint).toContain('is a datagram socket');
  });

  test('whose path is too long', async () => {
    const file = path('a'.repeat(120));
    const { code, hint } = await diagnose(await listenTrouble({ transport: 'local', path: file }));
    expect(code).toBe('bad-input');
    expect(hint).toContain(`${Buffer.byteLength(file)} bytes`);
  });
});

describe('a name', () => {
  test.each([
    ['127.0.0.l', 'Try 127.0.0.1.'],
    ['http://127.0.0.1:8080/', 'Enter 127.0.0.1 as host and 8080 as port.'],
    ['[::1]', 'Enter ::1.'],
    ['localhst', 'Try localhost.'],
  ])('%s is mistyped', async (host, advice) => {
    const { code, hint } = await diagnose(await connectTrouble({ host, port: 9 }, 5_000));
    expect(code).toBe('name-not-found');
    expect(hint).toContain(advice);
  });

  test('that ends in .invalid cannot resolve', async () => {
    const { hint } = await diagnose(await connectTrouble({ host: 'no-such-host.invalid', port: 9 }, 5_000));
    expect(hint).toContain('No name that ends in .invalid can resolve');
  });
});
