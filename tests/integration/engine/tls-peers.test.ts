import { describe, expect, test } from 'vitest';
import { CertificateFolder } from '#support/certificates.ts';
import { Peer, startPeer } from '#support/peer.ts';
import { connect, RecordedListener } from '#support/streams.ts';
import { tlsDriver, tlsOptions } from '#support/tls.ts';

/** Waits for a line that a program prints among others. */
async function lineWith(peer: Peer, pattern: RegExp): Promise<string> {
  for (;;) {
    const line = await peer.line();
    if (pattern.test(line)) return line;
  }
}

async function opensslServer(args: readonly string[]): Promise<{ peer: Peer; port: number }> {
  const peer = new Peer('openssl', ['s_server', '-accept', '127.0.0.1:0', '-rev', ...args]);
  const line = await lineWith(peer, /^ACCEPT /);
  return { peer, port: Number(line.split(':').at(-1)) };
}

describe.each([
  ['TLSv1.2', '-tls1_2'],
  ['TLSv1.3', '-tls1_3'],
] as const)('openssl with %s', (version, flag) => {
  test('s_client checks our certificate, chooses a protocol, and talks', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const { certificate, key } = await folder.leaf({ issuer: root });
    await using server = await RecordedListener.open(tlsDriver, {
      tls: tlsOptions({ certificate, key, alpn: ['mqtt'] }),
    });
    const check = ['-CAfile', root.file, '-verify_return_error', '-verify_hostname', 'localhost'];
    await using peer = new Peer('openssl', [
      ...['s_client', '-connect', `127.0.0.1:${server.port}`, '-servername', 'localhost', flag],
      ...['-alpn', 'h2,mqtt', '-no_ign_eof', ...check],
    ]);
    const accepted = await server.accepted();
    const shown = await accepted.secure();
    expect(shown).toMatchObject({ protocol: version, alpn: 'mqtt', serverName: 'localhost' });
    expect(await lineWith(peer, /^ALPN/)).toBe('ALPN protocol: mqtt');
    peer.write('hello\n');
    expect(await accepted.text(6)).toBe('hello\n');
    await accepted.send('answer\n');
    await lineWith(peer, /^answer$/);
    // It ends both sides together when its input ends.
    peer.end();
    await accepted.until('ended');
    expect(accepted.failure).toBeUndefined();
    accepted.socket.close();
    await accepted.until('closed');
    expect(await peer.exit()).toBe(0);
  });

  test('s_client is refused without a certificate where one is required, and accepted with one', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const leaf = await folder.leaf({ issuer: root });
    const own = await folder.leaf({ issuer: root, usage: 'client', subject: 'sensor' });
    const tls = tlsOptions({ ...leaf, ca: root.file, clientCertificate: 'require' });
    await using server = await RecordedListener.open(tlsDriver, { tls });
    const args = ['s_client', '-connect', `127.0.0.1:${server.port}`, flag, '-quiet', '-CAfile', root.file];
    await using without = new Peer('openssl', args);
    const refusal = await (await server.accepted(0)).refusal();
    expect(refusal.errno).toBe('ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE');
    const alert = version === 'TLSv1.3' ? /alert certificate required/ : /alert handshake failure/;
    await expect(without.line()).rejects.toThrow(alert);

    await using peer = new Peer('openssl', [...args, '-cert', own.certificate, '-key', own.key]);
    const accepted = await server.accepted(1);
    expect((await accepted.secure()).chain[0]).toMatchObject({ subject: 'CN=sensor', fingerprint: own.fingerprint });
    peer.write('hello\n');
    expect(await accepted.text(6)).toBe('hello\n');
  });

  test('s_client that does not trust our certificate says so by an alert, which is shown', async () => {
    await using server = await RecordedListener.open(tlsDriver, { transport: 'tls' });
    const args = ['s_client', '-connect', `127.0.0.1:${server.port}`, flag, '-quiet', '-verify_return_error'];
    await using peer = new Peer('openssl', args);
    const refusal = await (await server.accepted()).refusal();
    expect(refusal).toMatchObject({ call: 'handshake', errno: expect.stringContaining('ALERT_UNKNOWN_CA') });
    expect(refusal.text).toContain('alert unknown_ca (48): it does not trust the CA that issued our certificate');
    expect(await peer.exit()).toBe(1);
  });

  test('s_server shows its certificate, takes ours, and talks', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const leaf = await folder.leaf({ issuer: root });
    const own = await folder.leaf({ issuer: root, usage: 'client', subject: 'sensor' });
    const files = ['-cert', leaf.certificate, '-key', leaf.key, '-CAfile', root.file];
    const { peer, port } = await opensslServer([
      ...files,
      flag,
      '-Verify',
      '1',
      '-verify_return_error',
      '-alpn',
      'mqtt',
    ]);
    await using _ = peer;
    const tls = tlsOptions({ certificate: own.certificate, key: own.key, ca: root.file, alpn: ['h2', 'mqtt'] });
    const client = await connect(tlsDriver, { port, host: 'localhost', tls });
    const seen = await client.secure();
    expect(seen).toMatchObject({ protocol: version, alpn: 'mqtt', trust: 'trusted: issued by CN=Root (the CA file)' });
    await client.send('hello\n');
    expect(await client.text(6)).toBe('olleh\n');
    client.socket.close();
    await client.until('closed');
    expect(client.failure).toBeUndefined();

    const without = await connect(tlsDriver, { port, host: 'localhost', tls: tlsOptions({ ca: root.file }) });
    const events = await without.shake();
    if ('errno' in events) expect(events.text).toContain('alert handshake_failure (40)');
    else {
      without.attach();
      await without.until('closed');
      expect(without.failure?.text).toContain('alert certificate_required (116)');
    }
  });

  test.each([
    ['expired', { fromDay: -3, toDay: -2 }, true, 'CERT_HAS_EXPIRED'],
    ['self-signed', {}, false, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['for another name', { names: ['example.com'] }, true, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ] as const)('s_server with a certificate that is %s is refused', async (_, options, signed, errno) => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const leaf = await folder.leaf({ ...options, ...(signed ? { issuer: root } : {}) });
    const { peer, port } = await opensslServer(['-cert', leaf.certificate, '-key', leaf.key, flag]);
    await using __ = peer;
    const client = await connect(tlsDriver, { port, host: 'localhost', tls: tlsOptions({ ca: root.file }) });
    const refusal = await client.refusal();
    expect(refusal).toMatchObject({ call: 'handshake', errno, certificate: { fingerprint: leaf.fingerprint } });
  });
});

describe('openssl', () => {
  test('s_client with a version that is not allowed reports that, and so do we', async () => {
    await using server = await RecordedListener.open(tlsDriver, { tls: tlsOptions({ minVersion: 'TLSv1.3' }) });
    const args = ['s_client', '-connect', `127.0.0.1:${server.port}`, '-tls1_2', '-quiet'];
    await using peer = new Peer('openssl', args);
    expect((await (await server.accepted()).refusal()).errno).toBe('ERR_SSL_UNSUPPORTED_PROTOCOL');
    await expect(peer.line()).rejects.toThrow(/alert protocol version/);
  });
});

describe('python’s ssl', () => {
  test('as a server sees our half-close in order, and its answer still comes', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const { certificate, key } = await folder.leaf({ issuer: root });
    await using peer = await startPeer('tls_server.py', certificate, key);
    const port = Number(await peer.line());
    const client = await connect(tlsDriver, { port, host: 'localhost', tls: tlsOptions({ ca: root.file }) });
    await client.secure();
    await client.send('hello');
    client.socket.endWriting();
    expect([await peer.line(), await peer.line()]).toEqual(['hello', 'close_notify']);
    await client.until('closed');
    expect(String(client.received)).toBe('got 5');
    expect(client.reported).toEqual(['ended', 'closed']);
    expect(await peer.exit()).toBe(0);
  });

  test('as a client says goodbye, and gets ours', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const { certificate, key } = await folder.leaf({ issuer: root });
    await using server = await RecordedListener.open(tlsDriver, { tls: tlsOptions({ certificate, key }) });
    await using peer = await startPeer('tls_client.py', String(server.port), root.file, 'unwrap');
    const accepted = await server.accepted();
    await accepted.secure();
    await accepted.text(6);
    await accepted.send('answer');
    expect([await peer.line(), await peer.line()]).toEqual(['TLSv1.3', 'answer']);
    await accepted.until('ended');
    accepted.socket.endWriting();
    expect(await peer.line()).toBe('unwrapped');
    await accepted.until('closed');
    expect(accepted.failure).toBeUndefined();
  });

  test('as a client continues to send after our half-close', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const { certificate, key } = await folder.leaf({ issuer: root });
    await using server = await RecordedListener.open(tlsDriver, { tls: tlsOptions({ certificate, key }) });
    await using peer = await startPeer('tls_client.py', String(server.port), root.file, 'read');
    const accepted = await server.accepted();
    await accepted.secure();
    await accepted.send('answer');
    accepted.socket.endWriting();
    expect([await peer.line(), await peer.line()]).toEqual(['TLSv1.3', 'answer']);
    await accepted.until('closed');
    expect(String(accepted.received)).toBe('hello\nafter your end\n');
    expect(accepted.reported).toEqual(['ended', 'closed']);
    expect(await peer.exit()).toBe(0);
  });
});

describe('python’s asyncio', () => {
  test('as a server answers, and ends when we do', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const { certificate, key } = await folder.leaf({ issuer: root });
    await using peer = await startPeer('tls_asyncio.py', 'server', certificate, key);
    const port = Number(await peer.line());
    const client = await connect(tlsDriver, { port, host: 'localhost', tls: tlsOptions({ ca: root.file }) });
    await client.secure();
    await client.send('hello\n');
    expect(await client.text(6)).toBe('HELLO\n');
    client.socket.endWriting();
    // It has no half-close: with TLS its own side cannot outlive the peer's.
    expect([await peer.line(), await peer.line()]).toEqual(['rest 0', 'can write False']);
    await client.until('closed');
    expect(client.failure).toBeUndefined();
  });

  test('as a client reads until our end, and then ends', async () => {
    using folder = new CertificateFolder();
    const root = await folder.authority('Root');
    const { certificate, key } = await folder.leaf({ issuer: root });
    await using server = await RecordedListener.open(tlsDriver, { tls: tlsOptions({ certificate, key }) });
    await using peer = await startPeer('tls_asyncio.py', 'client', String(server.port), root.file);
    const accepted = await server.accepted();
    await accepted.secure();
    expect(await accepted.text(6)).toBe('hello\n');
    await accepted.send('HELLO\nmore');
    accepted.socket.endWriting();
    expect([await peer.line(), await peer.line()]).toEqual(['HELLO', 'rest 4']);
    await accepted.until('closed');
    expect(accepted.failure).toBeUndefined();
  });
});
