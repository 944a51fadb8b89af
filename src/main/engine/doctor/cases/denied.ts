import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import { isBroadcast } from '../../ip-address.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';

/** The offset of unprivileged ports that stand in for well-known ones: 8080 for 80, 8443 for 443. */
const unprivilegedBase = 8_000;

/** Explains a denied permission: a privileged port, a broadcast without its option, or a firewall. */
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
  examination.note(`${target.host} is a broadcast address: it reaches every machine of the network.`);
  if (examination.transport !== 'udp') {
    return {
      hint: `${target.host} is a broadcast address, which only UDP can send to: select UDP, or enter the address of one machine.`,
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
    examination.note(
      `Port ${port} is below ${first}, and Wirebench runs as root, but without the capability to bind it.`,
    );
    return {
      hint: `Root has no permission to bind ports below ${first} here (CAP_NET_BIND_SERVICE is missing): use port ${first} or above.`,
    };
  }
  examination.note(`Ports below ${first} are reserved for root, and Wirebench does not run as root.`);
  const freePort = await examination.freePort(host === '' ? '0.0.0.0' : host, unprivilegedBase + port - 1);
  const use = freePort === undefined ? `use port ${first} or above` : `use port ${freePort}, which is free`;
  return { freePort, hint: `Ports below ${first} require root privileges on this machine: ${use}.` };
}

function other(examination: Examination): Finding {
  const { system, trouble, asked } = examination;
  if (trouble.role === 'server' && system.platform === 'win32') {
    return {
      hint: 'Windows reserves this port, or another program has it open exclusively: use another port (“netsh int ipv4 show excludedportrange tcp” lists the reserved ones).',
    };
  }
  examination.note('The address and the port need no special permission: a rule of this system forbids it.');
  const what = trouble.role === 'server' ? 'listening there' : `sending to ${asked}`;
  return { hint: `A firewall or a policy of this machine forbids ${what}: allow it there.` };
}
