import { asRead } from '../encoding.ts';
import { noLimit } from '../framer.ts';
import { type Framing, plain } from '../framing.ts';
import { SyslogFramer, syslogCount } from '../syslog.ts';

/** Octet counting (RFC 6587, 3.4.1): a decimal length, a space, and that number of bytes of a syslog message. */
export const octet: Framing<{ readonly kind: 'octet' }> = {
  ...plain('octet', {
    text: 'octet',
    message: 'octet counting, RFC 6587: a decimal length and a space, then that number of bytes',
    sending: 'the length and the space; an empty message is refused',
  }),
  words: {
    short: 'octet counting',
    label: 'Octet counting (syslog, RFC 6587)',
    help: 'A decimal length and a space precede each message.',
  },
  wrong: {
    what: 'anything but a length and a space before a message',
    resume:
      'at the next `<` that follows a number and a space; that number is the length, and its digits are recorded with the wrong bytes',
  },
  adds: () => 'length and space before',
  createFramer: (_, maxMessage) => new SyslogFramer(maxMessage, false),
  frameAround: (_, size) => syslogCount(size),
  asItIs: (_, bytes) => asRead(new SyslogFramer(noLimit, false), bytes),
};
