import { bothRoles, endpointOption, overStreams, servers } from './option.ts';
import { flag } from './value-schema.ts';

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
