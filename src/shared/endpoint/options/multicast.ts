import { bothRoles, endpointOption, overUdp, platformName } from './option.ts';
import { flag, text, whole } from './value-schema.ts';

const group = 'UDP and multicast';

/** A multicast group to join; empty: none. */
export const multicastGroup = endpointOption({
  path: 'udp.group',
  label: 'Multicast group',
  schema: text(255),
  default: '',
  transports: overUdp,
  roles: bothRoles,
  row: {
    group,
    help: 'Group to join, for example 239.1.2.3 or ff02::1234: datagrams to it are received.',
    placeholder: 'none',
    aliases: 'IP_ADD_MEMBERSHIP IPV6_JOIN_GROUP join',
  },
  flags: [
    {
      spelling: '--join <group>',
      group: 'UDP:',
      help: 'join this multicast group',
      // Members reply from their own addresses, which a connected socket does not receive.
      sets: (address: string) => ({ 'udp.group': address, 'udp.connected': false }),
    },
  ],
  onSystem: () => ({ value: 'none' }),
});

/** The source whose datagrams to the group are received (source-specific multicast); empty: any. */
export const multicastSource = endpointOption({
  path: 'udp.source',
  label: 'Multicast source',
  schema: text(255),
  default: '',
  transports: overUdp,
  roles: bothRoles,
  row: {
    group,
    help: 'Receive datagrams to the group from this sender only (source-specific multicast).',
    placeholder: 'any',
    when: { path: 'udp.group', not: [''] },
    aliases: 'IP_ADD_SOURCE_MEMBERSHIP source-specific SSM',
  },
  flags: [
    {
      spelling: '--source <address>',
      group: 'UDP:',
      help: 'receive datagrams sent to the group by this sender only',
      needs: 'join',
    },
  ],
  onSystem: ({ platform }) => ({
    value: 'any',
    unavailable: ['openbsd', 'netbsd'].includes(platform)
      ? `${platformName(platform)} has no source-specific multicast`
      : undefined,
  }),
});

export const multicastInterface = endpointOption({
  path: 'udp.multicastInterface',
  label: 'Multicast interface',
  schema: text(255),
  default: '',
  transports: overUdp,
  roles: bothRoles,
  row: {
    group,
    help: 'IPv4: the interface’s address; IPv6: its name (::%eth0 or eth0). Empty: selected by the system.',
    placeholder: 'selected by the system',
    aliases: 'IP_MULTICAST_IF IPV6_MULTICAST_IF',
  },
  flags: [
    {
      spelling: '--interface <interface>',
      group: 'UDP:',
      help: 'multicast interface: its address for IPv4, its name for IPv6',
    },
  ],
  onSystem: () => ({ value: 'interface of the default route' }),
});

export const multicastTtl = endpointOption({
  path: 'udp.multicastTtl',
  label: 'Multicast TTL',
  schema: whole(0, 255),
  default: 1,
  transports: overUdp,
  roles: bothRoles,
  row: {
    group,
    help: 'Maximum number of hops of multicast datagrams. 0: this machine; 1: this network.',
    aliases: 'IP_MULTICAST_TTL',
  },
  flags: [
    {
      spelling: '--multicast-ttl <n>',
      group: 'UDP:',
      help: 'maximum number of hops of multicast datagrams: 0 = this machine, 1 = this network (default: 1)',
    },
  ],
  onSystem: () => ({ value: '1, this network only (IP_MULTICAST_TTL)' }),
});

export const multicastLoopback = endpointOption({
  path: 'udp.multicastLoopback',
  label: 'Multicast loopback',
  schema: flag,
  default: true,
  transports: overUdp,
  roles: bothRoles,
  row: {
    group,
    help: 'Datagrams sent to a group are also received on this machine.',
    aliases: 'IP_MULTICAST_LOOP loopback',
  },
  flags: [
    {
      spelling: '--no-multicast-loopback',
      group: 'UDP:',
      help: 'do not deliver sent multicast datagrams on this machine (IP_MULTICAST_LOOP)',
    },
  ],
  onSystem: () => ({ value: 'on (IP_MULTICAST_LOOP)' }),
});
