import { asRead, encodeEnded } from '../encoding.ts';
import { noLimit } from '../framer.ts';
import { type Framing, noBytes, plain } from '../framing.ts';
import { ScpiFramer } from '../scpi.ts';

const lineFeed = Uint8Array.of(0x0a);

/** SCPI: lines that may contain blocks of IEEE 488.2. */
export const scpi: Framing<{ readonly kind: 'scpi' }> = {
  ...plain('scpi', {
    text: 'scpi',
    message:
      'a line, which may contain strings and blocks of IEEE 488.2 (`#15hello`); a line feed inside these does not end it',
    sending: 'LF, unless the message ends with it',
  }),
  words: {
    short: 'SCPI lines',
    label: 'SCPI: lines with binary blocks',
    help: 'A message ends with a line feed outside an IEEE 488.2 block.',
  },
  wrong: {
    what: 'a block whose length is not a number; a string that contains a line feed and does not end within the following 1024 bytes',
    resume: 'after the line',
  },
  adds: () => 'line feed at the end',
  createFramer: (_, maxMessage) => new ScpiFramer(maxMessage),
  frameAround: () => ({ head: noBytes, tail: lineFeed }),
  encode: (_, body) => encodeEnded(() => new ScpiFramer(noLimit), body, lineFeed),
  asItIs: (_, bytes) => asRead(new ScpiFramer(noLimit), bytes),
  mostEvidence: 40,
  guesses: ['scpi'],
  evidence: (_, message) => evidenceOf(String.fromCharCode(...message.subarray(0, shownBytes))),
};

/** The number of bytes of a message that are examined. */
const shownBytes = 200;
const block = /^(?:[ -~]*[ ,])?#[1-9]\d/;
/** A common command (`*IDN?`), or a header of mnemonics: with a colon between two of them, in front, or with a question mark. */
const mnemonic = '[A-Za-z]{2,12}\\d{0,3}';
const header = `(?:\\*[A-Z]{3}\\??|:${mnemonic}(?::${mnemonic})*\\??|${mnemonic}(?::${mnemonic})+\\??|${mnemonic}\\?)`;
const command = new RegExp(`^${header}(?:[ ;][ -~]*)?\\r?\\n`);
/** Values of responses: numbers, and strings in quotes. */
const value = '(?:[-+]?\\d+(?:\\.\\d*)?(?:[Ee][-+]?\\d+)?|"[^"\\n]*")';
const response = new RegExp(`^${value}(?:,${value})*\\r?\\n`);
/** A response to `*IDN?`: four fields. */
const identity = /^[ -+\--~]+(?:,[ -+\--~]+){3}\r?\n/;

/** Returns, in bits, how unlikely other text is to look like this line; negative for a line that is not SCPI. */
function evidenceOf(text: string): number {
  if (block.test(text)) return 32;
  if (command.test(text)) return 12;
  return response.test(text) || identity.test(text) ? 6 : -16;
}
