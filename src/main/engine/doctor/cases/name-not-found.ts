import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import { count, listOf, quoted } from '../words.ts';

const errnos = [
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENODATA',
  'EAI_NONAME',
  'EAI_NODATA',
  'EAI_FAIL',
  'EAI_FAMILY',
  'EAI_ADDRFAMILY',
];

/** Suffixes of names in home networks; a name may resolve with or without one. */
const homeEnding = /\.(local|lan|home|internal|fritz\.box|home\.arpa)$/i;

/** RFC 2606 and RFC 6761: reserved suffixes that never resolve. */
const reservedEnding = /\.(invalid|test|example)$/i;

/** Examines a name that does not resolve: whether another spelling resolves, whether any name does, and the name servers. */
export const nameNotFoundCase: Case = {
  name: 'name not found',
  fits: ({ errno, transport, failure }) =>
    transport !== 'local' && (errnos.includes(errno) || (failure.call === 'getaddrinfo' && errno !== 'ECANCELED')),
  async examine(examination) {
    const host = examination.config.host.replace(/\.$/, '');
    const name = quoted(host);
    const reserved = reservedEnding.exec(host)?.[0];
    if (reserved !== undefined) {
      examination.note(`Names that end in ${reserved} are reserved (RFC 2606).`);
      return { hint: `No name that ends in ${reserved} can resolve: enter the host’s real name or its IP address.` };
    }
    const spellings = otherSpellings(host);
    const [now, localhost, servers, ...others] = await Promise.all([
      examination.resolve(host),
      examination.resolve('localhost'),
      examination.nameServers(),
      ...spellings.map((spelling) => examination.resolve(spelling)),
    ]);
    if (now.length > 0) {
      examination.note(`${name} resolves now: ${listOf(now)}.`);
      return { hint: `${name} now resolves to ${listOf(now)}: connect again.` };
    }
    const found = spellings.find((_spelling, index) => (others[index]?.length ?? 0) > 0);
    for (const [index, spelling] of spellings.entries()) {
      const addresses = others[index] ?? [];
      examination.note(
        `${quoted(spelling)} ${addresses.length > 0 ? `resolves to ${listOf(addresses)}` : 'does not resolve either'}.`,
      );
    }
    if (found !== undefined) return { hint: `${name} does not resolve, but ${quoted(found)} does: enter that.` };
    return brokenResolver(examination, localhost, servers) ?? unknownName(examination, name);
  },
};

function otherSpellings(host: string): string[] {
  if (!host.includes('.')) return [`${host}.local`];
  return homeEnding.test(host) ? [host.replace(homeEnding, '')] : [];
}

function brokenResolver(
  examination: Examination,
  localhost: readonly string[],
  servers: readonly string[] | undefined,
): Finding | undefined {
  if (servers !== undefined) {
    const named =
      servers.length === 0
        ? 'no name server'
        : `${count(servers.length, 'name server')}: ${listOf(servers.map((one) => quoted(one)))}`;
    examination.note(`/etc/resolv.conf names ${named}.`);
  }
  examination.note(
    localhost.length > 0 ? `localhost resolves to ${listOf(localhost)}.` : 'Not even localhost resolves.',
  );
  if (servers?.length === 0) {
    return {
      hint: 'This machine has no name server (/etc/resolv.conf names none): connect it to a network, or enter an IP address.',
    };
  }
  if (localhost.length === 0) {
    return {
      hint: 'No name resolves on this machine, not even localhost: check /etc/hosts and the network, or enter an IP address.',
    };
  }
  return undefined;
}

function unknownName({ errno, config }: Examination, name: string): Finding {
  if (errno === 'EAI_AGAIN') {
    return {
      hint: `The name server does not answer, so ${name} cannot be looked up: check the network, or enter an IP address.`,
    };
  }
  if (errno === 'ENODATA' || errno === 'EAI_NODATA') {
    return { hint: `${name} exists but has no address: check the name, or enter an IP address.` };
  }
  const whole = config.host.includes('.') ? '' : ', add its domain';
  return { hint: `The name ${name} does not exist: check its spelling${whole}, or enter an IP address.` };
}
