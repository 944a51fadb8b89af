import { bothRoles, endpointOption, overTcp } from './option.ts';
import { whole } from './value-schema.ts';

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
