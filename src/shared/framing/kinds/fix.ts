import { asRead } from '../encoding.ts';
import { encodeFix, FixFramer } from '../fix.ts';
import { noLimit } from '../framer.ts';
import type { Framing } from '../framing.ts';

interface FixSpec {
  kind: 'fix';
  /** BeginString of messages that are sent: `FIX.4.4`. */
  version?: string | undefined;
}

const usual = 'FIX.4.4';
const pattern = /^FIXT?\.\d{1,2}\.\d{1,2}$/;

/** FIX in its tag=value encoding: BeginString and BodyLength before a message, CheckSum after it. */
export const fix: Framing<FixSpec> = {
  kind: 'fix',
  words: {
    short: 'FIX',
    label: 'FIX: tag=value messages',
    help: 'A message begins with 8= and 9= (its length) and ends with 10= (its checksum).',
  },
  spellings: [
    {
      text: 'fix[:VERSION]',
      message: 'one FIX message without BeginString (8), BodyLength (9) and CheckSum (10)',
      sending: 'these three, with VERSION (`FIX.4.4`), unless the message has them',
    },
  ],
  wrong: {
    what: 'bytes other than `8=FIX…`; a BodyLength after which no CheckSum follows; a CheckSum that is not the sum',
    resume: 'at the next `8` after an SOH; for a wrong sum, after it',
  },
  values: {
    version: {
      type: 'text',
      pattern,
      problem: 'a version of FIX is FIX.4.4 or FIXT.1.1',
      default: usual,
      words: { label: 'FIX version', help: 'BeginString of sent messages, for example FIX.4.4 or FIXT.1.1.' },
    },
  },
  adds: () => 'BeginString, BodyLength, CheckSum',
  parse(text) {
    const [, version = usual] = /^fix(?::(.*))?$/.exec(text) ?? [];
    return /^fix(?::|$)/.test(text) && pattern.test(version) ? { kind: 'fix', version } : undefined;
  },
  format: ({ version = usual }) => (version === usual ? 'fix' : `fix:${version}`),
  createFramer: (_, maxMessage) => new FixFramer(maxMessage),
  needsBody: true,
  encode: ({ version = usual }, body) => encodeFix(version, body),
  asItIs: (_, bytes) => asRead(new FixFramer(noLimit), bytes),
  guesses: ['fix'],
  evidence: () => 64,
};
