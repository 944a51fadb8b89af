import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import { isLoopback } from '#shared/socket/address.ts';
import { familyOf, isMulticast, isWildcard } from '../../ip-address.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import { listOf, quoted } from '../words.ts';

const errnos = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENODEV', 'ENXIO'];

/** Explains an address that is not on this machine, an address family that is off, or a client without a free local port. */
export const notAvailableCase: Case = {
  name: 'not available',
  fits: (examination) =>
    examination.transport !== 'local' && (errnos.includes(examination.errno) || isOtherFamily(examination)),
  async examine(examination) {
    if (isOtherFamily(examination)) return otherFamily(examination);
    const { local, trouble, config } = examination;
    const group = multicast(examination);
    if (group) return group;
    const host = local.host;
    if (trouble.role === 'client' && (host === '' || isWildcard(host) || examination.isOwn(host))) {
      return connecting(examination);
    }
    const own = ownAddresses(examination);
    examination.note(`Addresses of this machine: ${listOf(own)}.`);
    const family = familyOf(host);
    if (family === 6 && !hasIpv6(examination)) return noIpv6(examination);
    if (family !== undefined) {
      if (examination.isOwn(host)) return { hint: `This machine has the address ${host} now: try again.` };
      const use =
        trouble.role === 'server'
          ? `Use ${listOf(suggestions(own), 'or')}`
          : `Leave it empty, or use ${listOf(own, 'or')}`;
      return { hint: `${host} is not an address of this machine. ${use}.` };
    }
    if (trouble.role === 'client') {
      return { hint: `The local host must be an address, not a name: leave it empty, or use ${listOf(own, 'or')}.` };
    }
    const found = await examination.resolve(config.host);
    const name = quoted(config.host);
    if (found.length === 0) return { hint: `${name} does not resolve now: use ${listOf(suggestions(own), 'or')}.` };
    examination.note(`${name} resolves to ${listOf(found)}.`);
    return {
      hint: `${name} resolves to ${listOf(found)}, not to an address of this machine. Use ${listOf(suggestions(own), 'or')}.`,
    };
  },
};

/** Examines a connect() without a local address, or from an address of this machine. */
async function connecting(examination: Examination): Promise<Finding | undefined> {
  const { target, local } = examination;
  if (target?.family === 6 && !hasIpv6(examination)) return noIpv6(examination);
  const [range, ended] = await Promise.all([
    examination.localPorts(),
    examination.sockets('tcp', (port, state) => state === 'ended' && (local.port === 0 || port === local.port)),
  ]);
  if (local.port !== 0 && ended !== undefined && ended.length > 0) {
    examination.note(`A connection from port ${local.port} has just ended and waits in TIME_WAIT.`);
    return {
      hint: `The last connection from port ${local.port} has just ended, and TIME_WAIT reserves the port for a minute: wait, or let the system select the port.`,
    };
  }
  if (range === undefined || ended === undefined) return undefined;
  const ports = range[1] - range[0] + 1;
  examination.note(
    `The system selects from ${ports} ports (${range[0]} to ${range[1]}); ended connections that wait in TIME_WAIT: ${ended.length}.`,
  );
  return {
    hint: 'No local port is left for this connection: close connections, or wait a minute until TIME_WAIT ends.',
  };
}

/** Returns true where the local and the remote address are of different families, or only one of them is loopback. */
function isOtherFamily({ errno, local, target, trouble }: Examination): boolean {
  if (errno !== 'EINVAL' || trouble.role !== 'client') return false;
  const family = familyOf(local.host);
  return (
    family !== undefined &&
    target !== undefined &&
    (target.family !== family || isLoopback(local.host) !== isLoopback(target.host))
  );
}

function otherFamily(examination: Examination): Finding {
  const { local, target } = examination;
  const host = target?.host ?? '';
  if (familyOf(local.host) === target?.family) {
    examination.note(`${local.host} reaches this machine only, and ${host} is another machine.`);
    return {
      code: 'address-not-available',
      hint: `${local.host} can reach this machine only: leave the local host empty.`,
    };
  }
  const [mine, other] = target?.family === 6 ? ['IPv4', 'IPv6'] : ['IPv6', 'IPv4'];
  examination.note(`The local address ${local.host} is ${mine}, the remote address ${host} is ${other}.`);
  return {
    code: 'address-not-available',
    hint: `An ${mine} address cannot connect to an ${other} one: leave the local host empty, or enter an ${other} address.`,
  };
}

/** Explains a multicast group, or an interface for one, that is not available. */
function multicast(examination: Examination): Finding | undefined {
  const group = optionOf(examination.config, 'udp.group');
  const multicastInterface = optionOf(examination.config, 'udp.multicastInterface');
  if (examination.transport !== 'udp' || group === '') return undefined;
  if (!isMulticast(group)) {
    examination.note(`${quoted(group)} is outside 224.0.0.0/4 and ff00::/8.`);
    return { hint: `${quoted(group)} is not a multicast group: use one of 224.0.0.0 to 239.255.255.255, or ff00::/8.` };
  }
  const family = familyOf(group);
  const fitting = examination.interfaces().filter((own) => own.family === family);
  const choices = [...new Set(fitting.map((own) => (family === 4 ? own.host : own.interfaceName)))];
  examination.note(
    choices.length === 0
      ? 'No interface has an address of the group’s address family.'
      : `Interfaces for the group: ${listOf(choices)}.`,
  );
  const wanted = multicastInterface.replace(/^::%/, '');
  if (choices.length === 0)
    return { hint: `No interface of this machine can join ${group}: connect it to a network first.` };
  if (wanted !== '' && !choices.includes(wanted)) {
    return { hint: `${quoted(wanted)} is not an interface for ${group} here: use ${listOf(choices, 'or')}.` };
  }
  return { hint: `The system found no interface for ${group}: select ${listOf(choices, 'or')}.` };
}

function noIpv6(examination: Examination): Finding {
  examination.note('No interface of this machine has an IPv6 address.');
  return {
    code: 'address-not-available',
    hint: 'IPv6 is off on this machine: use an IPv4 address, such as 127.0.0.1 or 0.0.0.0.',
  };
}

function hasIpv6(examination: Examination): boolean {
  return examination.interfaces().some(({ family }) => family === 6);
}

/** Returns this machine's addresses, those that other machines can reach first; link-local ones with their zone. */
function ownAddresses(examination: Examination): string[] {
  const own = [...examination.interfaces()].sort(
    (a, b) => Number(a.loopback) - Number(b.loopback) || a.family - b.family,
  );
  return own.map(({ host, interfaceName }) => (host.startsWith('fe80:') ? `${host}%${interfaceName}` : host));
}

function suggestions(own: readonly string[]): string[] {
  const first = own.find((host) => familyOf(host) === 4 && !isLoopback(host));
  return ['127.0.0.1', '0.0.0.0 for all', ...(first === undefined ? [] : [first])];
}
