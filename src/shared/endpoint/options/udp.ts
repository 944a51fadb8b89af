import { bothRoles, clients, endpointOption, notReported, overUdp, type SystemText } from './option.ts';
import { flag, whole } from './value-schema.ts';

const group = 'UDP and multicast';

/** connect() the socket, so that only this peer is received and its refusals are reported. */
export const connected = endpointOption({
  path: 'udp.connected',
  label: 'connect() the socket',
  schema: flag,
  default: true,
  transports: overUdp,
  roles: clients,
  row: {
    group,
    help: 'Only datagrams of this peer are received, and ICMP errors are reported. When off, datagrams of any sender are received.',
    aliases: 'connected',
  },
  flags: [
    {
      spelling: '--unconnected',
      group: 'UDP:',
      help: 'receive from other peers too; implied by --broadcast and --join',
      sets: () => ({ 'udp.connected': false }),
    },
  ],
  onSystem: () => ({ value: 'on for clients' }),
});

export const broadcast = endpointOption({
  path: 'udp.broadcast',
  label: 'Allow broadcast (SO_BROADCAST)',
  schema: flag,
  default: false,
  transports: overUdp,
  roles: bothRoles,
  row: {
    group,
    help: 'Without it, sendto() to a broadcast address fails with EACCES.',
    aliases: 'SO_BROADCAST',
  },
  flags: [
    {
      spelling: '--broadcast',
      group: 'UDP:',
      help: 'allow sending to broadcast addresses (SO_BROADCAST)',
      // Replies come from the peers' own addresses, which a connected socket does not receive.
      sets: () => ({ 'udp.broadcast': true, 'udp.connected': false }),
    },
  ],
  onSystem: () => ({ value: 'off' }),
});

export const ttl = endpointOption({
  path: 'udp.ttl',
  label: 'Time to live (TTL)',
  schema: whole(0, 255),
  default: 0,
  transports: overUdp,
  roles: bothRoles,
  row: {
    group,
    help: 'Maximum number of hops of a datagram. 0: system setting.',
    aliases: 'IP_TTL IPV6_UNICAST_HOPS time to live hops',
  },
  flags: [
    {
      spelling: '--ttl <n>',
      group: 'UDP:',
      help: 'maximum number of hops of a datagram (IP_TTL); 0: system setting',
    },
  ],
  onSystem: ({ ttl: system }) => ({ value: system === undefined ? notReported : `${system} (ip_default_ttl)` }),
});

const bufferSchema = whole(0, 1_073_741_824, 'bytes');

/** SO_RCVBUF; 0: system setting. */
export const receiveBuffer = endpointOption({
  path: 'udp.receiveBuffer',
  label: 'Receive buffer (bytes)',
  schema: bufferSchema,
  default: 0,
  transports: overUdp,
  roles: bothRoles,
  row: {
    group,
    help: 'Datagrams wait here for recvfrom(); when it is full, the kernel drops new ones. 0: system setting.',
    aliases: 'SO_RCVBUF',
  },
  flags: [{ spelling: '--receive-buffer <bytes>', group: 'UDP:', help: 'receive buffer of the socket (SO_RCVBUF)' }],
  onSystem: ({ udpReceive, udpReceiveMost }) => bufferText(udpReceive, udpReceiveMost, 'rmem_max'),
});

/** SO_SNDBUF; 0: system setting. */
export const sendBuffer = endpointOption({
  path: 'udp.sendBuffer',
  label: 'Send buffer (bytes)',
  schema: bufferSchema,
  default: 0,
  transports: overUdp,
  roles: bothRoles,
  row: {
    group,
    help: 'Datagrams wait here until the network interface sends them. 0: system setting.',
    aliases: 'SO_SNDBUF',
  },
  flags: [{ spelling: '--send-buffer <bytes>', group: 'UDP:', help: 'send buffer of the socket (SO_SNDBUF)' }],
  onSystem: ({ udpSend, udpSendMost }) => bufferText(udpSend, udpSendMost, 'wmem_max'),
});

/** Linux doubles the requested size for its own book-keeping (socket(7)). */
function bufferText(usual: number | undefined, most: number | undefined, name: string): SystemText {
  if (usual === undefined) return { value: notReported };
  const cap = most === undefined ? '' : `; maximum ${most} (${name}), and Linux doubles the requested size`;
  return { value: `${usual} bytes${cap}` };
}
