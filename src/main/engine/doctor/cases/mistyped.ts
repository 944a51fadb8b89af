import type { Case, Examination } from '../examination.ts';
import { mistypedHost } from '../mistyped-host.ts';
import { quoted } from '../words.ts';

/** Finds a host that cannot be correct as typed. The system accepts some of them: it reads `127.0.0` as 127.0.0.0. */
export const mistypedCase: Case = {
  name: 'mistyped host',
  fits: (examination) => examination.transport !== 'local' && (isLookup(examination) || isShortAddress(examination)),
  async examine(examination) {
    const found = mistypedHost(examination.config.host);
    if (!found) return undefined;
    const problem = quoted(found.problem, 200);
    examination.note(`${problem}.`);
    return { code: 'name-not-found', hint: `${problem}. ${quoted(found.advice, 200)}.` };
  },
};

function isLookup({ failure }: Examination): boolean {
  return failure.call === 'getaddrinfo' || failure.errno === 'ENOTFOUND';
}

/** Returns true for digits and dots only, which inet_aton(3) accepts even where they are not an IPv4 address. */
function isShortAddress({ config }: Examination): boolean {
  return /^[\d.]+$/.test(config.host);
}
