import { asRead } from '../encoding.ts';
import { noLimit } from '../framer.ts';
import { type Framing, plain } from '../framing.ts';
import { SyslogFramer, syslogCount } from '../syslog.ts';

/** Syslog over TCP (RFC 6587): counted messages, and lines that begin with `<`. */
export const syslog: Framing<{ readonly kind: 'syslog' }> = {
  ...plain('syslog', {
    text: 'syslog',
    message:
      'syslog over TCP, RFC 6587: a message that begins with a digit from 1 to 9 is counted as under `octet`, one that begins with `<` ends with LF or CR LF',
    sending: 'the length and the space; an empty message is refused',
  }),
  words: {
    short: 'syslog',
    label: 'Syslog over TCP (RFC 6587)',
    help: 'A message that begins with a digit has a length prefix; one that begins with < ends with a line feed.',
  },
  wrong: {
    what: 'anything but a length and a space, or `<`, at the start of a message',
    resume: 'after the next line feed, or as under `octet`',
  },
  adds: () => 'length and space before',
  createFramer: (_, maxMessage) => new SyslogFramer(maxMessage, true),
  frameAround: (_, size) => syslogCount(size),
  asItIs: (_, bytes) => asRead(new SyslogFramer(noLimit, true), bytes),
  guesses: ['syslog'],
  /** A syslog message begins with one of 192 priorities. */
  evidence: (_, message, head) => (hasPriority(message, head) ? 24 : 2),
};

function hasPriority(message: Uint8Array, from: number): boolean {
  const [, priority = '192'] = /^<(\d{1,3})>/.exec(String.fromCharCode(...message.subarray(from, from + 5))) ?? [];
  return Number(priority) < 192;
}
