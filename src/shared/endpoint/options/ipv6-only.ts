import { endpointOption, overIp, servers } from './option.ts';
import { flag } from './value-schema.ts';

export const ipv6Only = endpointOption({
  path: 'bind.ipv6Only',
  label: 'IPv6 only',
  schema: flag,
  default: false,
  transports: overIp,
  roles: servers,
  row: {
    group: 'Server',
    help: 'When on, binding to :: does not accept IPv4 clients.',
    aliases: 'IPV6_V6ONLY dual stack',
  },
  flags: [{ spelling: '--ipv6-only', group: 'Sockets:', help: 'do not accept IPv4 connections on “::”' }],
  onSystem: ({ ipv6Only: system }) => ({
    value: `off (TCP); ${
      system === undefined ? 'system setting' : `system setting, ${system === 1 ? 'on' : 'off'} (net.ipv6.bindv6only)`
    } (UDP)`,
  }),
});
