import { asRead } from '../as-it-is.ts';
import { noLimit } from '../claim.ts';
import { createFixFramer, encodeFix } from '../fix.ts';
import type { Framing } from '../framing.ts';

interface FixSpec {
  kind: 'fix';
  /** What BeginString is sent with: `FIX.4.4`. */
  version?: string | undefined;
}

const usual = 'FIX.4.4';
const pattern = /^FIXT?\.\d{1,2}\.\d{1,2}$/;

/** FIX in its tag=value encoding: BeginString and BodyLength before a message, CheckSum behind it. */
export const fix: Framing<FixSpec> = {
  kind: 'fix',
  spellings: ['fix[:VERSION]'],
  values: {
    version: { type: 'text', pattern, problem: 'a version of FIX is FIX.4.4 or FIXT.1.1', default: usual },
  },
  parse(text) {
    const [, version = usual] = /^fix(?::(.*))?$/.exec(text) ?? [];
    return /^fix(?::|$)/.test(text) && pattern.test(version) ? { kind: 'fix', version } : undefined;
  },
  format: ({ version = usual }) => (version === usual ? 'fix' : `fix:${version}`),
  createFramer: (_, maxMessage) => createFixFramer(maxMessage),
  needsBody: true,
  encode: ({ version = usual }, body) => encodeFix(version, body),
  asItIs: (_, bytes) => asRead(createFixFramer(noLimit), bytes),
  guesses: ['fix'],
  evidence: () => 64,
};
