import type { Case, Examination } from '../examination.ts';
import { mistypedHost } from '../mistyped-host.ts';
import { quoted } from '../words.ts';

/** A host that cannot be meant as it was typed. The system takes some of them: `127.0.0` is 127.0.0.0 to it. */
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

/** Numbers and points only, and yet no address: inet_aton(3) reads it in its own way. */
function isShortAddress({ config }: Examination): boolean {
  return /^[\d.]+$/.test(config.host);
}
