import { describe, expect, test } from 'vitest';
import {
  readBacklog,
  readBytes,
  readConnections,
  readDelay,
  readFingerprint,
  readFraming,
  readList,
  readMs,
  readMulticastTtl,
  readPort,
  readTimeout,
  readTtl,
} from '#hosts/cli/arguments.ts';
import { checkConfig, isChecked } from '#hosts/cli/config-check.ts';
import type { EndpointOptions } from '#hosts/cli/endpoint-options.ts';
import { type ListenOptions, serverConfig } from '#hosts/cli/listen-config.ts';
import { clientConfig, type SendOptions } from '#hosts/cli/send-config.ts';
import { readTarget } from '#hosts/cli/target.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { endpointConfigSchema } from '#shared/endpoint/endpoint-schema.ts';

const plain: EndpointOptions = { framing: { kind: 'raw' }, multicastLoopback: true };

/** The client that `send` makes of its arguments, as their readers have read them. */
async function sending(address: string, options: Partial<SendOptions> = {}): Promise<EndpointConfig> {
  const target = readTarget(address, 'client', options);
  if (!target.ok) throw new Error(target.error.message);
  const config = await clientConfig(target.value, { ...plain, frame: true, stdin: false, ...options });
  if (!config.ok) throw new Error(config.error.message);
  return config.value;
}

/** The server that `listen` makes of its arguments. */
async function listening(address: string, options: Partial<ListenOptions> = {}): Promise<EndpointConfig> {
  const target = readTarget(address, 'server', options);
  if (!target.ok) throw new Error(target.error.message);
  const config = await serverConfig(target.value, { ...plain, backlog: 5, ...options });
  if (!config.ok) throw new Error(config.error.message);
  return config.value;
}

describe('what the readers of the arguments have checked', () => {
  test.each([
    ['127.0.0.1:1', {}],
    ['[::1]:65535', {}],
    [`${'h'.repeat(255)}:80`, {}],
    ['h:1', { connectTimeout: readTimeout('50'), idle: readMs('0'), firstByte: readMs('0'), keepAlive: readMs('0') }],
    ['h:1', { connectTimeout: readTimeout('600000'), idle: readMs('86400000'), firstByte: readMs('86400000') }],
    ['h:1', { keepAlive: readMs('86400000'), nagle: true, reconnect: readDelay('10') }],
    ['h:1', { reconnect: readDelay('86400000'), fromPort: readPort('65535') }],
    ['h:1', { reconnect: true, fromPort: readPort('0'), onBadFrame: 'stop' }],
    ['udp://h:1', { ttl: readTtl('1'), multicastTtl: readMulticastTtl('0'), broadcast: true, reuseAddress: true }],
    ['udp://h:1', { ttl: readTtl('255'), multicastTtl: readMulticastTtl('255'), multicastLoopback: false }],
    ['tls://h:1', { insecure: true }],
    ['h:1', { framing: readFraming('fixed:1048576:padff') }],
    ['h:1', { framing: readFraming('len:8le:at64:incl') }],
    ['h:1', { framing: readFraming(`delim:${'0a'.repeat(32)}:keep`) }],
    ['h:1', { framing: readFraming('gap:600000') }],
    ['h:1', { framing: readFraming('stx:0b:1c:10') }],
  ] as const)('is what the schema of a client lets through: %s %j', async (address, options) => {
    const config = await sending(address, options);
    expect(isChecked(config)).toBe(true);
    expect(endpointConfigSchema.safeParse(config).error).toBeUndefined();
  });

  test.each([
    ['0', {}],
    ['[::]:65535', { echo: true, ipv6Only: true, reusePort: true, keepHalfOpen: true }],
    ['0', { backlog: readBacklog('1'), maxConnections: readConnections('1') }],
    ['0', { backlog: readBacklog('65535'), maxConnections: readConnections('100000') }],
    ['tls://0', { clientCert: 'require' }],
  ] as const)('is what the schema of a server lets through: %s %j', async (address, options) => {
    const config = await listening(address, options);
    expect(isChecked(config)).toBe(true);
    expect(endpointConfigSchema.safeParse(config).error).toBeUndefined();
  });
});

describe('what only the schema knows', () => {
  test.each([
    ['h:1', { maxMessage: readBytes('10') }, 'limits.maxMessage: '],
    ['[ ]:1', {}, 'host: a host is needed'],
    ['tls://h:1', { alpn: readList('x'.repeat(256)) }, 'tls.alpn.0: an ALPN protocol has 1 to 255 bytes'],
    ['tls://h:1', { serverName: 'n'.repeat(256) }, 'tls.serverName: a host has at most 255 characters'],
    ['ws://h:1', { subprotocol: readList('a b') }, 'ws.protocols.0: a subprotocol is one word'],
    [`ws://h:1/${'x'.repeat(2_048)}`, {}, 'ws.path: '],
    [`unix:/${'x'.repeat(4_096)}`, {}, 'path: a path has at most 4096 characters'],
    ['udp://h:1', { receiveBuffer: readBytes('2000M') }, 'udp.receiveBuffer: '],
  ] as const)('is refused by it: %s %j', async (address, options, words) => {
    const checked = await checkConfig(await sending(address, options));
    expect(checked.ok ? '' : checked.error.message).toContain(words);
  });

  test('is let through where it is right', async () => {
    const trust = readFingerprint('ab'.repeat(32));
    const config = await sending('tls://h:1', { trust, serverName: 'device.local', maxMessage: readBytes('64k') });
    expect(isChecked(config)).toBe(false);
    expect(await checkConfig(config)).toEqual({ ok: true, value: config });
  });

  test('includes the text that a server replies with', async () => {
    expect((await checkConfig(await listening('0', { reply: 'x' }))).ok).toBe(true);
    expect((await checkConfig(await listening('0', { reply: 'x'.repeat(1_048_577) }))).ok).toBe(false);
  });
});
