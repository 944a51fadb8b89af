import { bothRoles, endpointOption, notReported, overUdp, type SystemText } from './option.ts';
import { whole } from './value-schema.ts';

const group = 'UDP and multicast';
const schema = whole(0, 1_073_741_824, 'bytes');

/** SO_RCVBUF; 0: system setting. */
export const receiveBuffer = endpointOption({
  path: 'udp.receiveBuffer',
  label: 'Receive buffer (bytes)',
  schema,
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
  schema,
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
