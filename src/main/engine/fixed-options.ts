import type { SystemOption } from '#shared/contract/models.ts';
import { notReported, type SystemFacts } from '#shared/endpoint/options/option.ts';
import type { Transport } from '#shared/socket/transports.ts';

const overTcp: readonly Transport[] = ['tcp', 'tls', 'ws', 'wss'];
const overIp: readonly Transport[] = [...overTcp, 'udp'];
const notConfigurable = 'Not configurable';
const noCall = 'Node has no call for it';

/** Returns the options of sockets that cannot be configured: what applies, why it cannot be changed, and for which transports. */
export function fixedOptions(facts: SystemFacts): SystemOption[] {
  const { keepAliveInterval, keepAliveProbes, typeOfService, platform } = facts;
  const probes = 'if a delay is set, Node sends 10 probes, 1 s apart';
  return [
    fixed(
      'SO_REUSEADDR',
      platform === 'win32' ? 'off (TCP)' : 'on (TCP servers): a port with connections in TIME_WAIT can be bound',
      'Node sets it for TCP; configurable for UDP',
    ),
    fixed('exclusive', 'on', 'Only used in a cluster of Node processes', overIp),
    fixed(
      'TCP_KEEPINTVL',
      keepAliveInterval === undefined ? notReported : `${keepAliveInterval} s (tcp_keepalive_intvl); ${probes}`,
      notConfigurable,
    ),
    fixed(
      'TCP_KEEPCNT',
      keepAliveProbes === undefined ? notReported : `${keepAliveProbes} probes (tcp_keepalive_probes); ${probes}`,
      notConfigurable,
    ),
    fixed('SO_RCVBUF', buffers(facts.tcpReceive, 'tcp_rmem'), `${noCall} for TCP; configurable for UDP`),
    fixed('SO_SNDBUF', buffers(facts.tcpSend, 'tcp_wmem'), `${noCall} for TCP; configurable for UDP`),
    fixed(
      'SO_LINGER',
      'off; close() returns immediately, and the system sends the remaining data',
      `${noCall}; Reset closes with a linger time of 0 (RST)`,
    ),
    fixed('IP_TOS', '0', typeOfService ? notConfigurable : noCall, overIp),
    fixed('MSG_OOB', 'none', `${noCall}: urgent data can be neither sent nor received`),
    fixed('TCP_USER_TIMEOUT', 'off', noCall),
  ];
}

function fixed(name: string, value: string, unavailable: string, over: readonly Transport[] = overTcp): SystemOption {
  return { name, value, unavailable, over };
}

function buffers(sizes: readonly number[] | undefined, name: string): string {
  if (sizes === undefined) return notReported;
  const [least, usual, most] = sizes;
  return `${usual} bytes initially, ${least}–${most} adjusted by the system (${name})`;
}
