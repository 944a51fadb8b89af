import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { systemOptions } from '#engine/system-options.ts';
import { startPeer } from '#support/peer.ts';

const onLinux = process.platform === 'linux';

async function values(): Promise<Map<string, string>> {
  return new Map((await systemOptions()).map(({ name, value }) => [name, value]));
}

test.runIf(onLinux).each([
  ['backlog', 'core/somaxconn'],
  ['tcp.keepAliveDelayMs', 'ipv4/tcp_keepalive_time'],
  ['TCP_KEEPINTVL', 'ipv4/tcp_keepalive_intvl'],
  ['TCP_KEEPCNT', 'ipv4/tcp_keepalive_probes'],
  ['SO_RCVBUF', 'ipv4/tcp_rmem'],
  ['SO_SNDBUF', 'ipv4/tcp_wmem'],
  ['udp.receiveBuffer', 'core/rmem_max'],
  ['udp.sendBuffer', 'core/wmem_max'],
  ['udp.ttl', 'ipv4/ip_default_ttl'],
  ['localPort', 'ipv4/ip_local_port_range'],
])('%s shows what /proc/sys/net/%s holds', async (name, path) => {
  const value = (await values()).get(name);
  for (const number of readFileSync(`/proc/sys/net/${path}`, 'utf8').trim().split(/\s+/))
    expect(value).toContain(number);
});

test.runIf(onLinux)('the defaults are those that another program gets from getsockopt()', async () => {
  await using peer = await startPeer('socket_defaults.py');
  const defaults = JSON.parse(await peer.line()) as Record<string, number>;
  const shown = await values();
  expect(shown.get('tcp.keepAliveDelayMs')).toContain(`${(defaults.keepIdle ?? 0) * 1_000} ms`);
  expect(shown.get('TCP_KEEPINTVL')).toContain(`${defaults.keepInterval} s`);
  expect(shown.get('TCP_KEEPCNT')).toContain(`${defaults.keepCount} probes`);
  expect(shown.get('SO_RCVBUF')).toContain(`${defaults.tcpReceive} bytes initially`);
  expect(shown.get('SO_SNDBUF')).toContain(`${defaults.tcpSend} bytes initially`);
  expect(shown.get('udp.receiveBuffer')).toContain(`${defaults.udpReceive} bytes`);
  expect(shown.get('udp.sendBuffer')).toContain(`${defaults.udpSend} bytes`);
  expect(shown.get('udp.ttl')).toMatch(new RegExp(`^${defaults.ttl} `));
  expect(shown.get('udp.multicastTtl')).toMatch(new RegExp(`^${defaults.multicastTtl}\\b`));
  expect(shown.get('udp.multicastLoopback')).toMatch(defaults.multicastLoopback === 1 ? /^on/ : /^off/);
  expect(shown.get('udp.broadcast')).toMatch(defaults.broadcast === 0 ? /^off/ : /^on/);
  expect(shown.get('tcp.keepAlive')).toMatch(defaults.keepAlive === 0 ? /^off/ : /^on/);
  expect(shown.get('tcp.noDelay')).toMatch(defaults.noDelay === 0 ? /system setting: off/ : /system setting: on/);
  expect(shown.get('SO_LINGER')).toMatch(defaults.linger === 0 ? /^off/ : /^on/);
  expect(shown.get('IP_TOS')).toBe(String(defaults.typeOfService));
  expect(shown.get('bind.reusePort')).toBe(defaults.reusePort === 0 ? 'off' : 'on');
});
