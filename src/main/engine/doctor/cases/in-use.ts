import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import { isWildcard } from '../../ip-address.ts';
import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import type { TableSocket } from '../net-tables.ts';
import { count, listOf, sentence } from '../words.ts';

/** Finds the program that has the port open, on which addresses, and a port that is free. */
export const inUseCase: Case = {
  name: 'in use',
  fits: ({ errno, transport }) => errno === 'EADDRINUSE' && transport !== 'local',
  async examine(examination) {
    const { host, port } = examination.local;
    if (port === 0) return noPortLeft(examination);
    const { protocol } = examination;
    const [table, freePort] = await Promise.all([
      examination.sockets(protocol, (at) => at === port),
      examination.freePort(host === '' ? '0.0.0.0' : host, port),
    ]);
    const holders = holdersOf(table ?? []);
    noteEnded(examination, table ?? []);
    const use = freePort === undefined ? 'use another port' : `use port ${freePort}, which is free`;
    if (holders.length === 0) {
      if (table !== undefined)
        examination.note(`No open socket with ${protocol.toUpperCase()} port ${port} is visible now.`);
      return { freePort, hint: `Another program has port ${port} open, or has just closed it: try again, or ${use}.` };
    }
    const who = sentence(await examination.whoOf(holders));
    const hosts = [...new Set(holders.map((socket) => socket.host))];
    examination.note(`${who} has ${protocol.toUpperCase()} port ${port} open on ${listOf(hosts)}.`);
    const more = noteAddresses(examination, host, port, holders, hosts);
    return { freePort, hint: `${who} has port ${port} open. Stop it, or ${use}${more}.` };
  },
};

/** Returns the listeners and bound sockets; the connections, which use the port too, only where there are none. */
function holdersOf(table: readonly TableSocket[]): readonly TableSocket[] {
  const open = table.filter(({ state }) => state === 'listening' || state === 'bound');
  return open.length > 0 ? open : table.filter(({ state }) => state === 'connected');
}

function noteEnded(examination: Examination, table: readonly TableSocket[]): void {
  const ended = table.filter(({ state }) => state === 'ended').length;
  if (ended === 0) return;
  const wait = ended === 1 ? 'waits' : 'wait';
  examination.note(
    `${count(ended, 'ended connection')} of this port still ${wait} in TIME_WAIT, which does not prevent a server from listening.`,
  );
}

/** Notes on which addresses the port is free. Returns another remedy as the end of a sentence. */
function noteAddresses(
  examination: Examination,
  host: string,
  port: number,
  holders: readonly TableSocket[],
  hosts: readonly string[],
): string {
  const { config, protocol } = examination;
  if (host === '::' && !optionOf(config, 'bind.ipv6Only') && holders.every(({ family }) => family === 4)) {
    examination.note('It has the port open for IPv4. Binding to :: includes IPv4 unless IPv6 only is on.');
    return ', or turn on IPv6 only';
  }
  if (hosts.some(isWildcard)) {
    examination.note(
      'It has the port open on all addresses: the port is not free on any other address of this machine.',
    );
  } else {
    examination.note(
      `It has the port open on ${listOf(hosts)} only: port ${port} is free on this machine’s other addresses.`,
    );
  }
  if (protocol === 'udp' && optionOf(config, 'udp.group') !== '' && !optionOf(config, 'bind.reuseAddress')) {
    return ', or turn on address reuse (SO_REUSEADDR) in both programs, as members of a multicast group do';
  }
  if (optionOf(config, 'bind.reusePort'))
    examination.note('Sharing a port (SO_REUSEPORT) is on here; the other program must have it on as well.');
  return '';
}

/** Explains that the system has no port left to select. */
async function noPortLeft(examination: Examination): Promise<Finding> {
  const range = await examination.localPorts();
  if (range) examination.note(`The system selects from ports ${range[0]} to ${range[1]}.`);
  return { hint: 'All ports that the system can select from are in use: close connections, or enter a port.' };
}
