import { describe, expect, test } from 'vitest';
import { defaultAuthorities } from '#engine/drivers/tls/tls-trust.ts';
import { describeOptions, readSystemFacts } from '#engine/system-options.ts';
import { systemOptionSchema } from '#shared/contract/models.ts';
import { optionCatalogue } from '#shared/endpoint/options/catalogue.ts';
import type { SystemFacts } from '#shared/endpoint/options/option.ts';
import type { Transport } from '#shared/socket/transports.ts';

/** A system that tells nothing. */
const silent: SystemFacts = {
  platform: 'win32',
  maxBacklog: undefined,
  keepAliveTime: undefined,
  keepAliveInterval: undefined,
  keepAliveProbes: undefined,
  ipv6Only: undefined,
  tcpReceive: undefined,
  tcpSend: undefined,
  udpReceive: undefined,
  udpSend: undefined,
  udpReceiveMost: undefined,
  udpSendMost: undefined,
  ttl: undefined,
  synRetries: undefined,
  synLinear: undefined,
  localPorts: undefined,
  openFiles: undefined,
  tlsVersions: ['TLSv1.2', 'TLSv1.3'],
  authorities: { system: 0, node: 100, all: 100 },
  readAhead: 65_536,
  typeOfService: false,
};

function valuesOf(facts: SystemFacts): Map<string, { value: string; unavailable: string }> {
  return new Map(describeOptions(facts).map(({ name, ...rest }) => [name, rest]));
}

describe('the table of options', () => {
  test('has each option of sockets that an endpoint has', async () => {
    const values = valuesOf(await readSystemFacts());
    for (const { path } of optionCatalogue) {
      if (/^(tcp|bind|udp)\.|^(backlog|halfOpen|localHost|localPort|connectTimeoutMs)$/.test(path)) {
        expect(values.has(path), path).toBe(true);
      }
    }
  });

  test('has each name once, and only what the contract takes', async () => {
    const options = describeOptions(await readSystemFacts());
    expect(new Set(options.map(({ name }) => name)).size).toBe(options.length);
    for (const one of options) {
      expect(systemOptionSchema.parse(one)).toEqual(one);
      expect(one.value).not.toMatch(/undefined|NaN/);
      expect(one.value).not.toBe('');
    }
  });

  test('tells what only TCP has of no other transport', async () => {
    const options = describeOptions(await readSystemFacts());
    const names = (transport: Transport) =>
      options.filter(({ over }) => over?.includes(transport) ?? false).map(({ name }) => name);
    expect(names('wss')).toEqual(names('tcp'));
    expect(names('tcp')).toContain('SO_LINGER');
    expect(names('udp')).toEqual(['exclusive', 'IP_TOS']);
    expect(names('local')).toEqual([]);
    for (const { name, over } of options) if (/^(TCP_|MSG_OOB)/.test(name)) expect(over, name).not.toContain('udp');
  });

  test('of a system that tells nothing claims nothing', () => {
    const values = valuesOf(silent);
    for (const { value } of values.values()) expect(value).not.toMatch(/undefined|NaN|somaxconn|tcp_/);
    for (const name of ['udp.receiveBuffer', 'SO_RCVBUF', 'udp.ttl', 'tcp.keepAliveDelayMs']) {
      expect(values.get(name)?.value).toBe('not reported by this system');
    }
  });

  test('says what a platform does not have', () => {
    expect(valuesOf(silent).get('bind.reusePort')?.unavailable).toBe('Node does not share ports on Windows');
    expect(valuesOf({ ...silent, platform: 'darwin' }).get('bind.reusePort')?.unavailable).toContain('macOS');
    expect(valuesOf({ ...silent, platform: 'linux' }).get('bind.reusePort')?.unavailable).toBe('');
    expect(valuesOf(silent).get('tls.minVersion')?.unavailable).toBe('this Node does not offer TLSv1, TLSv1.1');
    expect(valuesOf(silent).get('SO_REUSEADDR')?.value).toBe('off (TCP)');
  });

  test('names the authorities of the system and of Node, which are both trusted', async () => {
    const { authorities } = await readSystemFacts();
    const trusted = defaultAuthorities();
    expect(authorities).toEqual({
      system: trusted.system.length,
      node: trusted.node.length,
      all: trusted.all.length,
    });
    const both = valuesOf({ ...silent, authorities: { system: 140, node: 146, all: 150 } }).get('tls.ca')?.value;
    expect(both).toBe('150 CAs: 140 from the system, 146 from Node (with NODE_EXTRA_CA_CERTS)');
    expect(valuesOf(silent).get('tls.ca')?.value).toBe(
      '100 from Node (with NODE_EXTRA_CA_CERTS); none from the system',
    );
  });

  test('reckons how long the system itself waits for a connection', () => {
    const wait = (synRetries: number, synLinear?: number) =>
      valuesOf({ ...silent, synRetries, synLinear }).get('connectTimeoutMs');
    // The figures of the kernel's own documentation (ip-sysctl: tcp_syn_retries).
    expect(wait(6)?.value).toContain('about 127 s');
    expect(wait(6, 4)?.value).toContain('about 131 s');
  });
});
