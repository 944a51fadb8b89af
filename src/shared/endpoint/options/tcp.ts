import { bothRoles, endpointOption, notReported, notUdp, overStreams, overTcp, servers } from './option.ts';
import { flag, whole } from './value-schema.ts';

/** What Node asks for where nothing is said. */
const usualBacklog = 511;

export const backlog = endpointOption({
  path: 'backlog',
  label: 'Backlog',
  schema: whole(1, 65_535),
  default: usualBacklog,
  transports: notUdp,
  roles: servers,
  row: {
    group: 'Server',
    help: 'Maximum number of connections waiting for accept(): the argument of listen(). The system may lower it.',
    aliases: 'listen queue somaxconn pending',
  },
  flags: [
    {
      spelling: '--backlog <n>',
      group: 'Sockets:',
      help: `maximum number of connections waiting for accept() (default: ${usualBacklog})`,
    },
  ],
  onSystem: ({ maxBacklog }) => ({
    value:
      maxBacklog === undefined
        ? `${usualBacklog}; system maximum: ${notReported}`
        : `${usualBacklog}; system maximum: ${maxBacklog} (net.core.somaxconn)`,
  }),
});

export const halfOpen = endpointOption({
  path: 'halfOpen',
  label: 'Stay half-open after the peer’s FIN',
  schema: flag,
  default: false,
  transports: overStreams,
  roles: bothRoles,
  changeable: true,
  row: {
    group: 'Connection and local address',
    help: 'recv() returns b"" when the peer has sent FIN. When on, you can still send until you close(); when off, the socket closes after all data is sent.',
    aliases: 'half-open half-close allowHalfOpen shutdown FIN',
  },
  flags: [
    {
      spelling: '--keep-half-open',
      group: 'Sockets:',
      roles: servers,
      help: 'keep the connection open for sending after the peer’s FIN',
    },
  ],
  onSystem: () => ({ value: 'off; the socket closes after the peer’s FIN' }),
});

export const keepAlive = endpointOption({
  path: 'tcp.keepAlive',
  label: 'Keep-alive probes (SO_KEEPALIVE)',
  schema: flag,
  default: false,
  transports: overTcp,
  roles: bothRoles,
  row: {
    group: 'TCP',
    help: 'The kernel probes an idle connection; without an answer, recv() fails with ETIMEDOUT.',
    aliases: 'SO_KEEPALIVE',
  },
  onSystem: () => ({ value: 'off' }),
});

const delayLabel = 'Delay before the first probe (ms)';
/** Linux refuses more than MAX_TCP_KEEPIDLE, 32 767 s; Node does not report that. */
const longestIdleMs = 32_767_000;

export const keepAliveDelay = endpointOption({
  path: 'tcp.keepAliveDelayMs',
  label: delayLabel,
  schema: whole(0, longestIdleMs, 'ms'),
  default: 0,
  transports: overTcp,
  roles: bothRoles,
  row: {
    group: 'TCP',
    help: 'How long a connection is idle before the first probe, in whole seconds. 0: system setting.',
    when: { path: 'tcp.keepAlive', is: [true] },
    aliases: 'TCP_KEEPIDLE TCP_KEEPALIVE keep-alive delay',
  },
  flags: [
    {
      spelling: '--keep-alive <ms>',
      group: 'Sockets:',
      help: 'send keep-alive probes after this idle time, in whole seconds (SO_KEEPALIVE); 0: system setting',
      sets: (ms: number) => ({ 'tcp.keepAlive': true, 'tcp.keepAliveDelayMs': ms }),
    },
  ],
  check: (values) =>
    values['tcp.keepAlive'] !== true || Number(values['tcp.keepAliveDelayMs']) % 1_000 === 0
      ? undefined
      : `${delayLabel} must be a multiple of 1000: the system counts seconds`,
  onSystem: ({ keepAliveTime }) => ({
    value: keepAliveTime === undefined ? notReported : `${keepAliveTime * 1_000} ms (tcp_keepalive_time)`,
  }),
});

export const noDelay = endpointOption({
  path: 'tcp.noDelay',
  label: 'Send small segments immediately (TCP_NODELAY)',
  schema: flag,
  default: true,
  transports: overTcp,
  roles: bothRoles,
  row: {
    group: 'TCP',
    help: 'Each send() leaves immediately. When off, the kernel collects small segments until the peer acknowledges earlier ones (Nagle’s algorithm).',
    aliases: 'TCP_NODELAY nagle no delay',
  },
  flags: [
    {
      spelling: '--nagle',
      group: 'Sockets:',
      help: 'combine small segments before sending: turns TCP_NODELAY off',
      sets: () => ({ 'tcp.noDelay': false }),
    },
  ],
  onSystem: () => ({ value: 'on (TCP_NODELAY); system setting: off (Nagle’s algorithm)' }),
});

/** How many bytes are buffered per socket before reading waits; 0: Node's default. */
export const highWaterMark = endpointOption({
  path: 'tcp.highWaterMark',
  label: 'Receive buffer in Wirebench (bytes)',
  schema: whole(0, 16 * 1_048_576, 'bytes'),
  default: 0,
  transports: overTcp,
  roles: bothRoles,
  row: {
    group: 'TCP',
    help: 'How many bytes recv() reads ahead. 0: Node’s default (64 KiB).',
    aliases: 'highWaterMark read ahead buffer SO_RCVBUF',
  },
  onSystem: ({ readAhead }) => ({ value: `${readAhead} bytes` }),
});
