import { bothRoles, endpointOption, overTcp } from './option.ts';
import { notReported } from './system-facts.ts';
import { day, flag, whole } from './value-schema.ts';

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

export const keepAliveDelay = endpointOption({
  path: 'tcp.keepAliveDelayMs',
  label: 'Delay before the first probe (ms)',
  schema: whole(0, day, 'ms'),
  default: 0,
  transports: overTcp,
  roles: bothRoles,
  row: {
    group: 'TCP',
    help: 'How long a connection is idle before the first probe. 0: system setting.',
    when: { path: 'tcp.keepAlive', is: [true] },
    aliases: 'TCP_KEEPIDLE TCP_KEEPALIVE keep-alive delay',
  },
  flags: [
    {
      spelling: '--keep-alive <ms>',
      group: 'Sockets:',
      help: 'send keep-alive probes after this idle time (SO_KEEPALIVE)',
      sets: (ms: number) => ({ 'tcp.keepAlive': true, 'tcp.keepAliveDelayMs': ms }),
    },
  ],
  onSystem: ({ keepAliveTime }) => ({
    value: keepAliveTime === undefined ? notReported : `${keepAliveTime * 1_000} ms (tcp_keepalive_time)`,
  }),
});
