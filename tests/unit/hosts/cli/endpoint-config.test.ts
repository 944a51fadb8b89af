import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { readTarget } from '#hosts/cli/arguments.ts';
import {
  checkConfig,
  clientConfig,
  type ListenOptions,
  type SendOptions,
  serverConfig,
} from '#hosts/cli/endpoint-config.ts';
import { addEndpointOptions, addTransportOptions } from '#hosts/cli/endpoint-options.ts';
import type { EndpointConfig } from '#shared/endpoint/endpoint-config.ts';
import { endpointConfigSchema } from '#shared/endpoint/endpoint-schema.ts';
import type { Role } from '#shared/endpoint/options/option.ts';

/** The configuration that the flags of a role make; throws commander's error where one is refused. */
async function configOf(role: Role, address: string, flags: readonly string[]): Promise<EndpointConfig> {
  const command = new Command().exitOverride().configureOutput({ writeErr: () => {} });
  addTransportOptions(command);
  addEndpointOptions(command, role);
  const options = command.parse([...flags], { from: 'user' }).opts();
  const target = readTarget(address, role, options);
  if (!target.ok) throw new Error(target.error.message);
  const config = await (role === 'server'
    ? serverConfig(target.value, options as ListenOptions)
    : clientConfig(target.value, options as SendOptions));
  if (!config.ok) throw new Error(config.error.message);
  return config.value;
}

const fingerprint = Array.from({ length: 32 }, () => 'AB').join(':');

describe('the flags of an endpoint', () => {
  test.each([
    ['client', '127.0.0.1:1', [], {}],
    ['client', 'h:1', ['--connect-timeout', '50', '--idle', '0'], { connectTimeoutMs: 50, limits: { idleMs: 0 } }],
    [
      'client',
      'h:1',
      ['--keep-alive', '5000', '--nagle'],
      { tcp: { keepAlive: true, keepAliveDelayMs: 5_000, noDelay: false } },
    ],
    ['client', 'h:1', ['--from', ' ::1 '], { localHost: '::1' }],
    ['client', 'h:1', ['--reconnect', '10'], { halfOpen: false, reconnect: { kind: 'fixed', delayMs: 10 } }],
    ['client', 'h:1', ['--reconnect'], { reconnect: { kind: 'exponential', delayMs: 1_000 } }],
    [
      'client',
      'h:1',
      ['--on-bad-frame', 'stop', '--framing', 'line'],
      { badFrame: 'stop', framing: { delimiter: '0a' } },
    ],
    ['client', 'udp://h:1', ['--broadcast', '--ttl', '1'], { udp: { broadcast: true, connected: false, ttl: 1 } }],
    ['client', 'udp://h:1', ['--no-multicast-loopback'], { udp: { multicastLoopback: false, connected: true } }],
    [
      'client',
      'tls://h:1',
      ['--insecure', '--alpn', 'h2, http/1.1'],
      { tls: { verify: false, alpn: ['h2', 'http/1.1'] } },
    ],
    ['client', 'tls://h:1', ['--trust', `sha256 Fingerprint=${fingerprint}`], { tls: { trusted: [fingerprint] } }],
    ['client', 'tls://h:1', ['--cert', '/a', '--tls-min', '1.0'], { tls: { key: '/a', minVersion: 'TLSv1' } }],
    [
      'client',
      'ws://h:1/x',
      ['--header', 'A: 1', '--header', 'B: 2', '--text'],
      { ws: { path: '/x', headers: ['A: 1', 'B: 2'], send: 'text' } },
    ],
    [
      'server',
      '[::]:65535',
      ['--echo', '--ipv6-only', '--keep-half-open'],
      { behaviour: { kind: 'echo' }, halfOpen: true, bind: { ipv6Only: true } },
    ],
    [
      'server',
      '0',
      ['--backlog', '65535', '--max-connections', '100000'],
      { backlog: 65_535, behaviour: { kind: 'silent' } },
    ],
    ['server', 'tls://0', ['--client-cert', 'require'], { tls: { clientCertificate: 'require' } }],
  ] as const)('make a configuration that the schema takes: %s %s %j', async (role, address, flags, part) => {
    const config = await configOf(role, address, flags);
    expect(config).toMatchObject(part);
    expect(checkConfig(config).ok).toBe(true);
    expect(endpointConfigSchema.parse(config)).toEqual(config);
  });

  test.each([
    ['client', 'h:1', ['--max-message', '10'], 'Maximum message size (bytes) must be 1024–536870912'],
    ['client', 'tls://h:1', ['--alpn', 'x'.repeat(256)], 'An ALPN protocol must have 1–255 bytes'],
    ['client', 'tls://h:1', ['--server-name', 'n'.repeat(256)], 'Server name (SNI) must have at most 255 characters'],
    ['client', 'tls://h:1', ['--trust', 'AB:CD'], 'The fingerprint must be the SHA-256 of a certificate'],
    ['client', 'ws://h:1', ['--subprotocol', 'a b'], 'A subprotocol is one word'],
    ['client', 'udp://h:1', ['--receive-buffer', '2000M'], 'Receive buffer (bytes) must be 0–1073741824'],
    ['server', '0', ['--reply-file', ''], 'Name a file'],
    ['client', 'udp://h:1', ['--join', ''], 'Multicast group must not be empty: leave the option out'],
    ['client', 'h:1', ['--from-port', 'x'], 'Local port must be 0–65535'],
    ['server', '0', ['--backlog', '0'], 'Backlog must be 1–65535'],
  ] as const)('are refused one by one: %s %s %j', async (role, address, flags, words) => {
    await expect(configOf(role, address, flags)).rejects.toThrow(words);
  });

  test.each([
    ['client', '[ ]:1', [], 'Enter a host'],
    ['client', `ws://h:1/${'x'.repeat(2_048)}`, [], 'Request path must have at most 2048 characters'],
    ['client', `unix:/${'x'.repeat(4_096)}`, [], 'Path must have at most 4096 characters'],
    ['client', 'tls://h:1', ['--tls-min', '1.3', '--tls-max', '1.2'], 'Minimum TLS version must not be above'],
    ['client', 'h:1', ['--keep-alive', '500'], 'must be a multiple of 1000'],
  ] as const)('are refused together: %s %s %j', async (role, address, flags, words) => {
    const checked = checkConfig(await configOf(role, address, flags));
    expect(checked.ok ? '' : checked.error.message).toContain(words);
  });
});
