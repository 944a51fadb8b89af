import type { EndpointForm } from '../form-fields.ts';
import type { FormOption } from './option.ts';

const isUdp = ({ transport }: EndpointForm) => transport === 'udp';

const group = 'UDP & multicast';

/** Options of a datagram socket, SOCK_DGRAM in the course. */
export const udpOptions: readonly FormOption[] = [
  {
    field: 'udp.connected',
    group,
    label: 'connect() the socket',
    help: 'Only this peer is heard then, and its refusals are told. Off, anyone’s datagrams come in.',
    kind: 'check',
    applies: (form) => isUdp(form) && form.role === 'client',
    words: 'connected',
  },
  {
    field: 'udp.broadcast',
    group,
    label: 'Allow broadcast',
    help: 'sendto() to a broadcast address is refused with EACCES without it.',
    kind: 'check',
    applies: isUdp,
    words: 'SO_BROADCAST',
  },
  {
    field: 'udp.ttl',
    group,
    label: 'Hops (TTL)',
    help: 'How many routers a datagram may pass; 0 is the system’s number.',
    kind: 'number',
    applies: isUdp,
    words: 'IP_TTL IPV6_UNICAST_HOPS time to live',
  },
  {
    field: 'udp.group',
    group,
    label: 'Multicast group',
    help: 'An address such as 239.1.2.3 or ff02::1234: what is sent to it arrives here too.',
    kind: 'text',
    placeholder: 'none',
    applies: isUdp,
    words: 'IP_ADD_MEMBERSHIP IPV6_JOIN_GROUP join',
  },
  {
    field: 'udp.source',
    group,
    label: 'Only from this source',
    help: 'The one sender to the group that is wanted.',
    kind: 'text',
    placeholder: 'any',
    applies: (form) => isUdp(form) && form['udp.group'].trim() !== '',
    words: 'IP_ADD_SOURCE_MEMBERSHIP source-specific SSM',
  },
  {
    field: 'udp.multicastInterface',
    group,
    label: 'Multicast interface',
    help: 'Its address in IPv4, its name (::%eth0) in IPv6. Empty: the system’s choice.',
    kind: 'text',
    placeholder: 'the system’s choice',
    applies: isUdp,
    words: 'IP_MULTICAST_IF IPV6_MULTICAST_IF',
  },
  {
    field: 'udp.multicastTtl',
    group,
    label: 'Hops of multicast',
    help: '1 stays in this network.',
    kind: 'number',
    applies: isUdp,
    words: 'IP_MULTICAST_TTL',
  },
  {
    field: 'udp.multicastLoopback',
    group,
    label: 'Hear ourselves',
    help: 'What we send to a group arrives on this machine too.',
    kind: 'check',
    applies: isUdp,
    words: 'IP_MULTICAST_LOOP loopback',
  },
  {
    field: 'udp.receiveBuffer',
    group,
    label: 'Receive buffer (bytes)',
    help: 'Datagrams that recvfrom() has not taken yet wait here; when it is full, new ones are lost. 0 is the system’s size.',
    kind: 'number',
    applies: isUdp,
    words: 'SO_RCVBUF',
  },
  {
    field: 'udp.sendBuffer',
    group,
    label: 'Send buffer (bytes)',
    help: 'Datagrams that the network has not taken yet wait here. 0 is the system’s size.',
    kind: 'number',
    applies: isUdp,
    words: 'SO_SNDBUF',
  },
];
