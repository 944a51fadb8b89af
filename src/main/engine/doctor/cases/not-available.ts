import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import { isLoopback } from '#shared/socket/address.ts';
import { familyOf, isMulticast, isWildcard } from '../address-kinds.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import { listOf, quoted } from '../words.ts';

const errnos = ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'ENODEV', 'ENXIO'];

/** An address to bind that is not here; a family that is off; no local port left for a client. */
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
      if (examination.isOwn(host)) return { hint: `This machine has ${host} by now: try again.` };
      const use =
        trouble.role === 'server'
          ? `Use ${listOf(suggestions(own), 'or')}`
          : `Leave it empty, or use ${listOf(own, 'or')}`;
      return { hint: `${host} is no address of this machine. ${use}.` };
    }
    if (trouble.role === 'client') {
      return { hint: `The local host must be an address, not a name: leave it empty, or use ${listOf(own, 'or')}.` };
    }
    const found = await examination.resolve(config.host);
    const name = quoted(config.host);
    if (found.length === 0) return { hint: `${name} has no address now: use ${listOf(suggestions(own), 'or')}.` };
    examination.note(`${name} is ${listOf(found)}.`);
    return {
      hint: `${name} is ${listOf(found)}, and no address of this machine. Use ${listOf(suggestions(own), 'or')}.`,
    };
  },
};

/** Connecting without a local address, or from one that is here. */
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
      hint: `The last connection from port ${local.port} has just ended, and TIME_WAIT keeps it for a minute: wait, or let the system choose the port.`,
    };
  }
  if (range === undefined || ended === undefined) return undefined;
  const ports = range[1] - range[0] + 1;
  examination.note(
    `The system chooses from ${ports} ports (${range[0]} to ${range[1]}); ended connections that wait in TIME_WAIT: ${ended.length}.`,
  );
  return {
    hint: 'No local port is left for this connection: close connections, or wait a minute until ended ones are forgotten.',
  };
}

/** A local address of one family cannot connect to one of the other. */
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
    examination.note(`${local.host} reaches this machine only, and ${host} is another one.`);
    return {
      code: 'address-not-available',
      hint: `From ${local.host} only this machine can be reached: leave the local host empty.`,
    };
  }
  const [mine, other] = target?.family === 6 ? ['IPv4', 'IPv6'] : ['IPv6', 'IPv4'];
  examination.note(`The local address ${local.host} is ${mine}, the other side’s ${host} is ${other}.`);
  return {
    code: 'address-not-available',
    hint: `An ${mine} address cannot connect to an ${other} one: leave the local host empty, or enter an ${other} address.`,
  };
}

/** A multicast group, or the interface for one, that cannot be had. */
function multicast(examination: Examination): Finding | undefined {
  const group = optionOf(examination.config, 'udp.group');
  const multicastInterface = optionOf(examination.config, 'udp.multicastInterface');
  if (examination.transport !== 'udp' || group === '') return undefined;
  if (!isMulticast(group)) {
    examination.note(`${quoted(group)} is outside 224.0.0.0/4 and ff00::/8.`);
    return { hint: `${quoted(group)} is no multicast group: use one of 224.0.0.0 to 239.255.255.255, or ff00::/8.` };
  }
  const family = familyOf(group);
  const fitting = examination.interfaces().filter((own) => own.family === family);
  const choices = [...new Set(fitting.map((own) => (family === 4 ? own.host : own.interfaceName)))];
  examination.note(
    choices.length === 0
      ? 'No interface has an address of the group’s family.'
      : `Interfaces for it: ${listOf(choices)}.`,
  );
  const wanted = multicastInterface.replace(/^::%/, '');
  if (choices.length === 0)
    return { hint: `No interface of this machine can join ${group}: connect it to a network first.` };
  if (wanted !== '' && !choices.includes(wanted)) {
    return { hint: `${quoted(wanted)} is no interface for ${group} here: use ${listOf(choices, 'or')}.` };
  }
  return { hint: `The system found no interface for ${group}: name one, ${listOf(choices, 'or')}.` };
}

function noIpv6(examination: Examination): Finding {
  examination.note('No interface of this machine has an IPv6 address.');
  return {
    code: 'address-not-available',
    hint: 'IPv6 is off on this machine: use an IPv4 address, as 127.0.0.1 or 0.0.0.0.',
  };
}

function hasIpv6(examination: Examination): boolean {
  return examination.interfaces().some(({ family }) => family === 6);
}

/** This machine's addresses, the ones other machines know first; link-local ones with their zone. */
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
