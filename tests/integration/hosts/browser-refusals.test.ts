import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, startTestHost } from '#support/browser-host.ts';

const upgrade = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

describe('the browser host', () => {
  it('serves the page under a strict policy, and its hashed files as immutable', async () => {
    const { port } = await startTestHost();
    const page = await ask(port, '/');
    expect(page.status).toBe(200);
    expect(page.body).toContain('<title>Wirebench</title>');
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
    });
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(page.headers['set-cookie']).toBeUndefined();
    const script = await ask(port, '/assets/index-abc.js');
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it('listens on 127.0.0.1 only', async () => {
    const { port } = await startTestHost();
    const code = await new Promise<string | undefined>((resolve) => {
      const socket = connect(port, '::1', () => {
        socket.destroy();
        resolve('connected');
      });
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    expect(code).not.toBe('connected');
  });

  it('makes a new token of 256 bits at each start', async () => {
    const [one, other] = [await startTestHost(), await startTestHost()];
    expect(Buffer.from(one.token, 'base64url')).toHaveLength(32);
    expect(one.token).not.toBe(other.token);
    expect(one.address).toBe(`http://127.0.0.1:${one.port}/#token=${one.token}`);
  });

  it.each(['evil.example', '127.0.0.1', '127.0.0.1:1', '[::1]:80', 'localhost.evil.example', 'LOCALHOST:PORT'])(
    'refuses the foreign host %s with 421',
    async (name) => {
      const { port } = await startTestHost();
      const host = name.replace('PORT', String(port));
      expect(await ask(port, '/', { headers: { host } })).toMatchObject({ status: 421 });
      expect(await ask(port, '/socket', { headers: { host, ...upgrade } })).toMatchObject({ status: 421 });
    },
  );

  it.each(['http://evil.example', 'null', 'https://127.0.0.1', 'http://127.0.0.1:1'])(
    'refuses the foreign origin %s with 403, whatever the token',
    async (origin) => {
      const { port, token } = await startTestHost();
      const headers = { origin, authorization: `Bearer ${token}` };
      expect(await ask(port, '/token', { headers })).toMatchObject({ status: 403 });
      expect(await ask(port, '/upload', { method: 'POST', headers })).toMatchObject({ status: 403 });
      const protocols = { 'sec-websocket-protocol': `wirebench.1, token.${token}` };
      expect(await ask(port, '/socket', { headers: { ...upgrade, ...protocols, origin } })).toMatchObject({
        status: 403,
      });
    },
  );

  /** Sends exactly `lines`; returns the first line of the answer. */
  const statusOf = (port: number, ...lines: string[]) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
      socket.once('data', (answer: Buffer) => {
        socket.destroy();
        resolve(String(answer).split('\r\n', 1)[0] ?? '');
      });
      socket.on('error', reject);
    });

  it('refuses several hosts with 400, also where the first one is right', async () => {
    const { port, token } = await startTestHost();
    const own = `Host: 127.0.0.1:${port}`;
    expect(await statusOf(port, 'GET / HTTP/1.1', own, 'Connection: close')).toBe('HTTP/1.1 200 OK');
    expect(await statusOf(port, 'GET / HTTP/1.1', own, 'Host: evil.example')).toContain(' 400 ');
    expect(await statusOf(port, 'GET / HTTP/1.1', own, own)).toContain(' 400 ');
    expect(await statusOf(port, 'GET / HTTP/1.0', 'Connection: close')).toContain(' 400 ');
    const socket = Object.entries(upgrade).map(([name, value]) => `${name}: ${value}`);
    const protocols = `Sec-WebSocket-Protocol: wirebench.1, token.${token}`;
    expect(await statusOf(port, 'GET /socket HTTP/1.1', own, ...socket, protocols)).toContain(' 101 ');
    expect(await statusOf(port, 'GET /socket HTTP/1.1', own, 'Host: x', ...socket, protocols)).toContain(' 400 ');
  });

  it.each(['http://evil.example/', 'http://127.0.0.1:PORT/', '*'])('refuses the target %s with 400', async (target) => {
    const { port } = await startTestHost();
    const asked = `OPTIONS ${target.replace('PORT', String(port))} HTTP/1.1`;
    expect(await statusOf(port, asked, `Host: 127.0.0.1:${port}`)).toContain(' 400 ');
    const got = asked.replace('OPTIONS', 'GET');
    expect(await statusOf(port, got, `Host: 127.0.0.1:${port}`)).toContain(' 400 ');
  });

  it.each(['cross-site', 'same-site', 'Cross-Site', 'SAME-SITE', 'same-origin, cross-site', ''])(
    'refuses a request that another page makes the browser send (%j) with 403, also with the token',
    async (site) => {
      const { port, token } = await startTestHost();
      const headers = { 'sec-fetch-site': site, authorization: `Bearer ${token}` };
      expect(await ask(port, '/', { headers })).toMatchObject({ status: 403 });
      expect(await ask(port, '/token', { headers })).toMatchObject({ status: 403 });
      const protocols = { 'sec-websocket-protocol': `wirebench.1, token.${token}` };
      expect(await ask(port, '/socket', { headers: { ...upgrade, ...protocols, ...headers } })).toMatchObject({
        status: 403,
      });
    },
  );

  it('answers its own page, and an address that a user enters', async () => {
    const { port } = await startTestHost();
    expect(await ask(port, '/', { headers: { 'sec-fetch-site': 'none' } })).toMatchObject({ status: 200 });
    expect(await ask(port, '/', { headers: { 'sec-fetch-site': 'Same-Origin' } })).toMatchObject({ status: 200 });
  });

  it.each(['', 'x', 'A'.repeat(43), 'é'.repeat(43)])('refuses the wrong token “%s” with 401', async (wrong) => {
    const { port } = await startTestHost();
    const header = encodeURIComponent(wrong);
    const headers = { authorization: `Bearer ${header}` };
    expect(await ask(port, '/token', { headers })).toMatchObject({ status: 401 });
    expect(await ask(port, '/upload', { method: 'POST', headers })).toMatchObject({ status: 401 });
    const protocols = { 'sec-websocket-protocol': `wirebench.1, token.${header}` };
    expect(await ask(port, '/socket', { headers: { ...upgrade, ...protocols } })).toMatchObject({ status: 401 });
    expect(await ask(port, '/socket', { headers: upgrade })).toMatchObject({ status: 401 });
  });

  it('accepts the right token and never sends it back', async () => {
    const { port, token } = await startTestHost();
    expect(await ask(port, '/token', { headers: { authorization: `Bearer ${token}` } })).toMatchObject({ status: 204 });
    const protocols = { 'sec-websocket-protocol': `wirebench.1, token.${token}` };
    const opened = await ask(port, '/socket', { headers: { ...upgrade, ...protocols } });
    expect(opened.status).toBe(101);
    expect(opened.headers['sec-websocket-protocol']).toBe('wirebench.1');
    expect(await ask(port, '/elsewhere', { headers: { ...upgrade, ...protocols } })).toMatchObject({ status: 404 });
  });

  it('refuses a WebSocket that offers the token and not the protocol, and one that offers neither', async () => {
    const { port, token } = await startTestHost();
    const open = (offered: string) =>
      ask(port, '/socket', { headers: { ...upgrade, 'sec-websocket-protocol': offered } });
    expect(await open(`token.${token}`)).toMatchObject({ status: 400 });
    expect(await open(`wirebench.2, token.${token}`)).toMatchObject({ status: 400 });
    expect(await open('token.')).toMatchObject({ status: 401 });
    expect(await open('wirebench.1, token.')).toMatchObject({ status: 401 });
  });

  it.each([
    '/../secret.js',
    '/assets/../../secret.js',
    '/%2e%2e/secret.js',
    '/..%2fsecret.js',
    '/..%5csecret.js',
    '//secret.js',
    '/assets',
    '/%00',
    '/%',
    '/index.html/',
    '/no-such.js',
  ])('finds nothing at %s', async (path) => {
    const { port } = await startTestHost();
    expect(await ask(port, path)).toMatchObject({ status: 404 });
  });

  it('answers other methods with 405', async () => {
    const { port } = await startTestHost();
    expect(await ask(port, '/', { method: 'POST' })).toMatchObject({ status: 405 });
    expect(await ask(port, '/upload')).toMatchObject({ status: 405 });
  });
});
