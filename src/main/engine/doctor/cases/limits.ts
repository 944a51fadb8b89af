import { optionOf } from '#shared/endpoint/endpoint-config.ts';
import type { Case } from '../examination.ts';

/** Explains that no descriptor is left (getrlimit(2), RLIMIT_NOFILE). */
export const tooManyFilesCase: Case = {
  name: 'too many open files',
  fits: ({ errno }) => errno === 'EMFILE' || errno === 'ENFILE',
  async examine(examination) {
    if (examination.errno === 'ENFILE') {
      return { hint: 'The whole system has no descriptor left: quit other programs, or raise fs.file-max.' };
    }
    const files = await examination.openFiles();
    if (!files) return undefined;
    examination.note(`This program has ${files.open} files and sockets open; the limit is ${files.limit}.`);
    return {
      hint: `Wirebench has ${files.open} files and sockets open, and its limit is ${files.limit}: close connections, or raise the limit (ulimit -n) and restart Wirebench.`,
    };
  },
};

/** 65535 bytes of an IPv4 packet minus its header (20) and UDP's (8); the length of an IPv6 packet excludes its header. */
const longest = { 4: 65_507, 6: 65_527 } as const;

/** Explains that a datagram does not fit into a packet (udp(7)). */
export const tooLongCase: Case = {
  name: 'datagram too long',
  fits: ({ errno }) => errno === 'EMSGSIZE',
  async examine(examination) {
    const { target } = examination;
    const family = target?.family === 6 ? 6 : 4;
    examination.note(`The maximum size of a datagram over IPv${family} is ${longest[family]} bytes.`);
    return {
      hint: `A datagram over IPv${family} has a maximum of ${longest[family]} bytes: send shorter messages, or use TCP.`,
    };
  },
};

/** Explains that the system does not support an option. */
export const optionCase: Case = {
  name: 'option not available',
  fits: ({ errno }) => ['ENOTSUP', 'EOPNOTSUPP', 'ENOPROTOOPT'].includes(errno),
  async examine(examination) {
    const { config, system } = examination;
    if (!optionOf(config, 'bind.reusePort')) return undefined;
    examination.note(`Sharing the port (SO_REUSEPORT) is on, and the system is ${system.platform}.`);
    return { hint: 'Node does not support port sharing (SO_REUSEPORT) on this system: turn that option off.' };
  },
};
