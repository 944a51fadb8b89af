import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClientChanges } from '#support/config.ts';
import { clientTls } from '#support/config.ts';
import { describeTransport } from './transport-suite.ts';

const tls = clientTls;
const trusting: ClientChanges = { tls: { ...tls, verify: false } };

describeTransport('TCP over IPv4', () => ({ server: { host: '127.0.0.1' }, client: { host: '127.0.0.1' } }));
describeTransport('TCP over IPv6', () => ({ server: { host: '::1' }, client: { host: '::1' } }));
describeTransport('TLS 1.3', () => ({ server: { transport: 'tls' }, client: { transport: 'tls', ...trusting } }));
describeTransport('TLS 1.2', () => ({
  server: { transport: 'tls', tls: { ...tls, maxVersion: 'TLSv1.2' } },
  client: { transport: 'tls', ...trusting },
}));
describeTransport('a local socket', () => {
  const path =
    process.platform === 'win32' ? `\\\\.\\pipe\\${randomUUID()}` : join(tmpdir(), `wb-${randomUUID()}.sock`);
  return { server: { transport: 'local', path }, client: { transport: 'local', path } };
});
describeTransport('WebSocket', () => ({ server: { transport: 'ws' }, client: { transport: 'ws' } }));
describeTransport('WebSocket over TLS', () => ({
  server: { transport: 'wss' },
  client: { transport: 'wss', ...trusting },
}));
