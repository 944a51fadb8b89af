import dgram from 'node:dgram';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { SystemOption } from '#shared/contract/models.ts';

/**
 * What holds for a UDP socket on this system where nothing is set, by the names of the configuration: asked of a fresh
 * socket on loopback and, where Node has no call to ask with, of the system. `unavailable` says why one is not known or
 * not to be had.
 */
export async function udpSystemDefaults(): Promise<SystemOption[]> {
  const [buffers, ttl, hops, shared] = await Promise.all([
    askBuffers(),
    readSetting('/proc/sys/net/ipv4/ip_default_ttl'),
    readSetting('/proc/sys/net/ipv6/conf/default/hop_limit'),
    canBind({ reusePort: true }),
  ]);
  const noReuse = 'this system has no SO_REUSEPORT that spreads datagrams over the sockets of a port';
  return [
    ...buffers,
    { name: 'udp.ttl', value: ttlText(ttl, hops), unavailable: ttl === '' ? unknownTtl : '' },
    // RFC 1112, section 6.1 and RFC 3493, section 5.2 give these; no system differs.
    { name: 'udp.multicastTtl', value: '1', unavailable: '' },
    { name: 'udp.multicastLoopback', value: 'on', unavailable: '' },
    { name: 'udp.broadcast', value: 'off', unavailable: '' },
    // `bind.reusePort`, as UDP has it.
    { name: 'udp.reusePort', value: shared ? 'off' : '', unavailable: shared ? '' : noReuse },
  ];
}

const unknownTtl = 'Node cannot ask for it; most systems use 64, Windows 128';

function ttlText(ttl: string, hops: string): string {
  return hops === '' || hops === ttl ? ttl : `${ttl} (IPv4), ${hops} (IPv6)`;
}

async function askBuffers(): Promise<SystemOption[]> {
  const names = ['udp.receiveBuffer', 'udp.sendBuffer'] as const;
  const socket = dgram.createSocket('udp4');
  try {
    socket.bind({ port: 0, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
    const sizes = [socket.getRecvBufferSize(), socket.getSendBufferSize()];
    return names.map((name, index) => ({ name, value: `${sizes[index]} bytes`, unavailable: '' }));
  } catch (error) {
    const unavailable = `a socket to ask could not be bound: ${error instanceof Error ? error.message : String(error)}`;
    return names.map((name) => ({ name, value: '', unavailable }));
  } finally {
    socket.close();
  }
}

async function canBind(options: { reusePort: boolean }): Promise<boolean> {
  const socket = dgram.createSocket({ type: 'udp4', ...options });
  try {
    socket.bind({ port: 0, address: '127.0.0.1', exclusive: true });
    await once(socket, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    socket.close();
  }
}

/** A number that Linux tells in a file; empty elsewhere. */
async function readSetting(path: string): Promise<string> {
  try {
    return (await readFile(path, 'latin1')).trim();
  } catch {
    return '';
  }
}
