import { familyOf, isBroadcast, isInNetwork, isLinkLocal, isMulticast } from '../../ip-address.ts';
import type { Case, Examination } from '../examination.ts';
import { listOf } from '../words.ts';

const errnos = ['EHOSTUNREACH', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'ENONET'];

/** Examines a missing route: whether this machine has a network, one of the right address family, or the same one. */
export const unreachableCase: Case = {
  name: 'unreachable',
  fits: ({ errno, transport }) => errnos.includes(errno) && transport !== 'local',
  async examine(examination) {
    const { target, config } = examination;
    if (!target) return undefined;
    const outside = examination.interfaces().filter(({ loopback }) => !loopback);
    if (outside.length === 0) {
      examination.note('The only interface with an address is the loopback interface.');
      return {
        hint: 'This machine has no network connection: connect it, or use 127.0.0.1 for a server on this machine.',
      };
    }
    examination.note(`Addresses of this machine: ${listOf(outside.map(({ host }) => host))}.`);
    const { transport } = examination;
    if (
      transport !== 'udp' &&
      isBroadcast(
        target.host,
        outside.map(({ cidr }) => cidr),
      )
    ) {
      return {
        hint: `${target.host} is a broadcast address, which only UDP can send to: select UDP, or enter the address of one machine.`,
      };
    }
    if (transport !== 'udp' && isMulticast(target.host)) {
      return {
        hint: `${target.host} is a multicast group, which only UDP can send to: select UDP, or enter the address of one machine.`,
      };
    }
    if (target.family === 6 && !outside.some(({ family, host }) => family === 6 && !isLinkLocal(host))) {
      return withoutIpv6(examination, target.host);
    }
    const answering = await examination.otherThatAnswers();
    if (answering)
      return {
        hint: `There is no route to ${target.host}, but ${config.host} answers at ${answering.host}: connect to that address.`,
      };
    const same = outside.find(({ cidr }) => isInNetwork(target.host, cidr));
    if (same) {
      examination.note(`${target.host} is in the network of ${same.interfaceName} (${same.cidr}).`);
      return {
        hint: `${target.host} belongs to this machine’s network (${same.interfaceName}) but does not answer: check that it is on, and its address.`,
      };
    }
    examination.note(`${target.host} is outside this machine’s networks: it needs a route through a router.`);
    return { hint: `There is no route to ${target.host}: check the address, the network, and any VPN that it needs.` };
  },
};

async function withoutIpv6(examination: Examination, host: string) {
  examination.note('No interface has an IPv6 address that is valid beyond the local link.');
  const others = (await examination.untried()).filter(({ family }) => family === 4);
  const tried = examination.targets.find(({ family }) => family === 4);
  const ipv4 = others[0]?.host ?? tried?.host;
  if (ipv4 !== undefined) examination.note(`${examination.config.host} has the IPv4 address ${ipv4}.`);
  const next =
    ipv4 === undefined ? 'use an IPv4 address' : `use ${ipv4}, the IPv4 address of ${examination.config.host}`;
  const literal = familyOf(examination.config.host) === 6 ? 'use an IPv4 address or the name' : next;
  return { hint: `This machine has no IPv6 connection to other networks, and ${host} is an IPv6 address: ${literal}.` };
}
