import { asRead, encodeEnded } from '../as-it-is.ts';
import { noLimit } from '../claim.ts';
import { type Framing, noBytes, plain } from '../framing.ts';
import { createScpiFramer } from '../scpi.ts';

const lineFeed = Uint8Array.of(0x0a);

/** SCPI: lines in which blocks of IEEE 488.2 can stand. */
export const scpi: Framing<{ readonly kind: 'scpi' }> = {
  ...plain('scpi', 'scpi'),
  createFramer: (_, maxMessage) => createScpiFramer(maxMessage),
  frameAround: () => ({ head: noBytes, tail: lineFeed }),
  encode: (_, body) => encodeEnded(() => createScpiFramer(noLimit), body, lineFeed),
  asItIs: (_, bytes) => asRead(createScpiFramer(noLimit), bytes),
  mostEvidence: 40,
  guesses: ['scpi'],
  evidence: (_, message) => evidenceOf(String.fromCharCode(...message.subarray(0, shownBytes))),
};

/** How much of a message is looked at. */
const shownBytes = 200;
const block = /^(?:[ -~]*[ ,])?#[1-9]\d/;
/** A common command (`*IDN?`), or a header of mnemonics: with a colon between two of them, in front, or with a question mark. */
const mnemonic = '[A-Za-z]{2,12}\\d{0,3}';
const header = `(?:\\*[A-Z]{3}\\??|:${mnemonic}(?::${mnemonic})*\\??|${mnemonic}(?::${mnemonic})+\\??|${mnemonic}\\?)`;
const command = new RegExp(`^${header}(?:[ ;][ -~]*)?\\r?\\n`);
/** Values, as instruments answer: numbers, and strings in quotes. */
const value = '(?:[-+]?\\d+(?:\\.\\d*)?(?:[Ee][-+]?\\d+)?|"[^"\\n]*")';
const answer = new RegExp(`^${value}(?:,${value})*\\r?\\n`);
/** Such an answer as `*IDN?` has: four fields. */
const identity = /^[ -+\--~]+(?:,[ -+\--~]+){3}\r?\n/;

/** Says in bits how unlikely a line is that is none of SCPI; other lines speak against it. */
function evidenceOf(text: string): number {
  if (block.test(text)) return 32;
  if (command.test(text)) return 12;
  return answer.test(text) || identity.test(text) ? 6 : -16;
}
