import { bothRoles, endpointOption, notReported, overTcp } from './option.ts';
import { flag, whole } from './value-schema.ts';

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

const label = 'Delay before the first probe (ms)';
/** Linux refuses more than MAX_TCP_KEEPIDLE, 32 767 s; Node does not report that. */
const longestIdleMs = 32_767_000;

export const keepAliveDelay = endpointOption({
  path: 'tcp.keepAliveDelayMs',
  label,
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
      : `${label} must be a multiple of 1000: the system counts seconds`,
  onSystem: ({ keepAliveTime }) => ({
    value: keepAliveTime === undefined ? notReported : `${keepAliveTime * 1_000} ms (tcp_keepalive_time)`,
  }),
});
