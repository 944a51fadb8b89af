import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import { isBroadcast } from '../address-kinds.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';

/** Where a well-known port is offered again for everybody: 80 is 8080, 443 is 8443. */
const unprivilegedBase = 8_000;

/** A port for administrators, a broadcast without its option, or a firewall. */
export const deniedCase: Case = {
  name: 'denied',
  fits: ({ errno, transport }) => (errno === 'EACCES' || errno === 'EPERM') && transport !== 'local',
  async examine(examination) {
    return broadcast(examination) ?? (await privilegedPort(examination)) ?? other(examination);
  },
};

function broadcast(examination: Examination): Finding | undefined {
  const { target, config, trouble } = examination;
  if (trouble.role !== 'client' || target === undefined || examination.failure.call === 'bind') return undefined;
  if (
    !isBroadcast(
      target.host,
      examination.interfaces().map(({ cidr }) => cidr),
    )
  )
    return undefined;
  examination.note(`${target.host} is a broadcast address: it means every machine of the network.`);
  if (examination.transport !== 'udp') {
    return {
      hint: `${target.host} is a broadcast address, which only UDP can send to: choose UDP, or the address of one machine.`,
    };
  }
  if (optionOf(config, 'udp.broadcast')) return undefined;
  return { hint: `${target.host} is a broadcast address: turn on Broadcast (SO_BROADCAST).` };
}

async function privilegedPort(examination: Examination): Promise<Finding | undefined> {
  const { host, port } = examination.local;
  const bound = examination.trouble.role === 'server' || examination.failure.call === 'bind';
  const first = await examination.unprivilegedPort();
  if (!bound || first === undefined || port === 0 || port >= first) return undefined;
  if (examination.system.isRoot()) {
    examination.note(`Port ${port} is below ${first}, and we run as root, but without the right to bind it.`);
    return {
      hint: `This root may not bind ports below ${first} (it lacks CAP_NET_BIND_SERVICE): use a port from ${first} on.`,
    };
  }
  examination.note(`Ports below ${first} are for root, and we do not run as root.`);
  const freePort = await examination.freePort(host === '' ? '0.0.0.0' : host, unprivilegedBase + port - 1);
  const use = freePort === undefined ? `use a port from ${first} on` : `use port ${freePort}, which is free`;
  return { freePort, hint: `Ports below ${first} need root’s rights on this machine: ${use}.` };
}

function other(examination: Examination): Finding {
  const { system, trouble, asked } = examination;
  if (trouble.role === 'server' && system.platform === 'win32') {
    return {
      hint: 'Windows keeps this port for itself, or another program holds it alone: use another port (“netsh int ipv4 show excludedportrange tcp” lists them).',
    };
  }
  examination.note('The address and the port need no special rights: it is a rule of this system that forbids it.');
  const what = trouble.role === 'server' ? 'listening there' : `sending to ${asked}`;
  return { hint: `A firewall or a policy of this machine forbids ${what}: allow it there.` };
}
