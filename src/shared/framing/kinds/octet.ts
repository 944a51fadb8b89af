import { asRead } from '../as-it-is.ts';
import { noLimit } from '../claim.ts';
import { type Framing, plain } from '../framing.ts';
import { createSyslogFramer, syslogCount } from '../syslog.ts';

/** Octet counting (RFC 6587, 3.4.1): a decimal length, a space, and as many bytes of a syslog message. */
export const octet: Framing<{ readonly kind: 'octet' }> = {
  ...plain('octet', 'octet'),
  createFramer: (_, maxMessage) => createSyslogFramer(maxMessage, false),
  frameAround: (_, size) => syslogCount(size),
  asItIs: (_, bytes) => asRead(createSyslogFramer(noLimit, false), bytes),
};
