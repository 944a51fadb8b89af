import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import type { Case } from '../examination.ts';

/** No descriptor is left (getrlimit(2), RLIMIT_NOFILE). */
export const tooManyFilesCase: Case = {
  name: 'too many open files',
  fits: ({ errno }) => errno === 'EMFILE' || errno === 'ENFILE',
  async examine(examination) {
    if (examination.errno === 'ENFILE') {
      return { hint: 'The whole system has no descriptor left: close other programs, or raise fs.file-max.' };
    }
    const files = await examination.openFiles();
    if (!files) return undefined;
    examination.note(`This program has ${files.open} files and sockets open, and may have ${files.limit}.`);
    return {
      hint: `Wirebench has ${files.open} of the ${files.limit} files and sockets open that it may have: close connections, or raise the limit (ulimit -n) and start it again.`,
    };
  },
};

/** 65535 bytes of an IPv4 packet without its header (20) and UDP's (8); IPv6 does not count its own header. */
const longest = { 4: 65_507, 6: 65_527 } as const;

/** A datagram that no packet holds (udp(7)). */
export const tooLongCase: Case = {
  name: 'datagram too long',
  fits: ({ errno }) => errno === 'EMSGSIZE',
  async examine(examination) {
    const { target } = examination;
    const family = target?.family === 6 ? 6 : 4;
    examination.note(`The longest datagram over IPv${family} has ${longest[family]} bytes.`);
    return {
      hint: `A datagram over IPv${family} takes at most ${longest[family]} bytes: send less at once, or use TCP.`,
    };
  },
};

/** An option that the system does not have. */
export const optionCase: Case = {
  name: 'option not available',
  fits: ({ errno }) => ['ENOTSUP', 'EOPNOTSUPP', 'ENOPROTOOPT'].includes(errno),
  async examine(examination) {
    const { config, system } = examination;
    if (!optionOf(config, 'bind.reusePort')) return undefined;
    examination.note(`Sharing a port (SO_REUSEPORT) is asked for, on ${system.platform}.`);
    return { hint: 'This system does not let Node share a port (SO_REUSEPORT): switch that option off.' };
  },
};
