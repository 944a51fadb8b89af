import dns from 'node:dns/promises';
import net from 'node:net';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { maxConnections } from '#shared/endpoint/options/limits.ts';
import type { Address } from '#shared/socket/address.ts';
import { splitZone } from '../../ip-address.ts';
import type { CallFailure } from '../call-failure.ts';
import { type Driver, isCallFailure } from '../driver.ts';
import { systemHost } from './host.ts';
import { openUdp } from './udp-open.ts';
import { UdpPort } from './udp-port.ts';

/** UDP over Node's `dgram` (RFC 768; POSIX sockets of type SOCK_DGRAM). Each remote address of a socket is a UDP peer. */
export const udpDriver: Driver<'udp'> = {
  async listen(config, handlers) {
    const { udp, bind, limits } = config;
    const host = await addressToBind(config.host, udp.group);
    if (typeof host !== 'string') return host;
    const family = net.isIPv6(host) ? 6 : 4;
    const opened = await openUdp({ family, host, port: config.port, bind, udp });
    if (isCallFailure(opened)) return opened;
    const { socket, local, joined, shortfalls } = opened;
    const port = new UdpPort({
      socket,
      local,
      connected: false,
      maxPeers: limits.maxConnections,
      accepted: (udpPeer) => handlers.accepted(udpPeer),
      server: {
        limited: (limit, text) => handlers.noted({ kind: 'limited', limit, text }),
        failed: (failure) => handlers.lost(failure),
      },
    });
    for (const { limit, text } of shortfalls) port.report(limit, text);
    return {
      local,
      event: { kind: 'bound', local, joined },
      stop: () => port.stop(),
      udpPeer: (peer) => port.udpPeer(peer),
    };
  },

  async connect(config, { address, signal, accepted }) {
    if (signal.aborted) return aborted;
    const { udp, bind } = config;
    const { family } = address;
    if (family === 'local') return { call: 'socket', errno: 'EAFNOSUPPORT' };
    const host = hostToBind(config, address);
    if (typeof host !== 'string') return host;
    const opened = await openUdp({
      family,
      host,
      port: config.localPort,
      bind,
      udp,
      connectTo: udp.connected ? address : undefined,
    });
    if (isCallFailure(opened)) return opened;
    const { socket, local, peer, shortfalls } = opened;
    if (signal.aborted) {
      socket.close();
      return aborted;
    }
    const main: Address = peer ?? { ...address, host: systemHost(address.host, family) ?? address.host };
    const port = new UdpPort({
      socket,
      local,
      main,
      connected: udp.connected,
      maxPeers: maxConnections.default,
      accepted,
    });
    for (const { limit, text } of shortfalls) port.report(limit, text);
    return port.udpPeer(main);
  },
};

const aborted: CallFailure = { call: 'connect', errno: 'ECANCELED' };

/** Resolves a server's host; of a name with several addresses, returns one of the group's address family where there is one. */
async function addressToBind(host: string, group: string): Promise<string | CallFailure> {
  if (net.isIP(host) !== 0) return host;
  try {
    const found = await dns.lookup(host, { all: true });
    const family = net.isIP(splitZone(group).address);
    const chosen = found.find((one) => one.family === family) ?? found[0];
    return chosen?.address ?? { call: 'getaddrinfo', errno: 'ENOTFOUND' };
  } catch (error) {
    return { call: 'getaddrinfo', errno: (error as NodeJS.ErrnoException).code ?? 'ENOTFOUND' };
  }
}

/** Returns the local address of a client. It must be an address, and of the peer's address family. */
function hostToBind({ localHost }: ClientConfig, { host, family }: Address): string | CallFailure {
  if (localHost === '') return family === 6 ? '::' : '0.0.0.0';
  const own = net.isIP(localHost);
  if (own === family) return localHost;
  const text =
    own === 0
      ? `${localHost} is a name: enter an address of this machine`
      : `the local address ${localHost} is IPv${own}, the peer ${host} is IPv${family}`;
  return { call: 'bind', errno: own === 0 ? 'EADDRNOTAVAIL' : 'EINVAL', text };
}
