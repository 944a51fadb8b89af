import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import type { PathFacts } from '../system.ts';
import { quoted, sentence } from '../words.ts';

/** Returns the finding where this user may not search a folder above the path: it is not known whether anything is at the path. */
export function closedAbove(examination: Examination, closed: NonNullable<PathFacts['closed']>): Finding {
  const folder = quoted(closed.folder, 120);
  examination.note(`${folder} belongs to ${closed.owner}, and Wirebench has no permission to search it.`);
  return {
    code: 'access-denied',
    hint: `The folder ${folder} belongs to ${closed.owner}, and you have no permission to search it: ask for that permission, or use another path.`,
  };
}

const errnos = [
  'ENOENT',
  'ENOTDIR',
  'ECONNREFUSED',
  'EADDRINUSE',
  'ENOTSOCK',
  'EINVAL',
  'ENAMETOOLONG',
  'EACCES',
  'EPERM',
  'EPROTOTYPE',
];

/** Examines a local socket's path (unix(7)): its length, what is there, which program listens, and the permissions. */
export const localPathCase: Case = {
  name: 'local socket',
  fits: ({ errno, transport, system }) =>
    transport === 'local' && system.platform !== 'win32' && errnos.includes(errno),
  async examine(examination) {
    const { path } = examination.config;
    const tooLong = longPath(examination, path);
    if (tooLong) return tooLong;
    const [facts, table] = await Promise.all([examination.path(path), examination.localSockets()]);
    if (!facts) return undefined;
    if (facts.closed) return closedAbove(examination, facts.closed);
    const open = table?.filter((socket) => socket.path === path);
    return examination.trouble.role === 'server'
      ? await ofServer(examination, facts, open?.[0]?.inode)
      : await ofClient(examination, facts, open);
  },
};

/** The size of sun_path with its terminating zero is 108 bytes on Linux, 104 on macOS and the BSDs. */
function longPath(examination: Examination, path: string): Finding | undefined {
  const most = examination.system.platform === 'linux' ? 107 : 103;
  const length = Buffer.byteLength(path);
  if (length <= most) return undefined;
  examination.note(`The path has ${length} bytes; the maximum on this system is ${most}.`);
  return {
    code: 'bad-input',
    hint: `The path is too long for a local socket: it has ${length} bytes, and the maximum on this system is ${most}. Use a shorter path.`,
  };
}

async function ofServer(examination: Examination, facts: PathFacts, inode: string | undefined): Promise<Finding> {
  const path = quoted(examination.config.path, 120);
  const folder = quoted(facts.folder, 120);
  if (!facts.folderExists) {
    examination.note(`There is no folder ${folder}.`);
    return { code: 'file', hint: `The folder ${folder} does not exist: create it, or use another path.` };
  }
  if (facts.kind === 'missing' || examination.errno === 'EACCES' || examination.errno === 'EPERM') {
    if (!facts.folderWritable) return closedFolder(examination, facts);
    return { hint: 'The system cannot create a socket there: use a path in another folder, such as /tmp.' };
  }
  if (facts.kind !== 'socket') {
    examination.note(`${path} is a ${facts.kind}.`);
    return { hint: `${path} is a ${facts.kind}, not a socket: use another path, or move the ${facts.kind}.` };
  }
  if (inode === undefined) {
    examination.note(`${path} is a socket, and no visible program listens on it.`);
    return {
      hint: `${path} was left by a server that has ended, or its server is not visible: delete the file, or use another path.`,
    };
  }
  const who = sentence(await examination.who([inode]));
  examination.note(`${who} has ${path} open.`);
  return { hint: `${who} has ${path} open. Stop it, or use another path.` };
}

async function ofClient(
  examination: Examination,
  facts: PathFacts,
  open: readonly { readonly kind: string; readonly listening: boolean }[] | undefined,
): Promise<Finding> {
  const path = quoted(examination.config.path, 120);
  if (facts.kind === 'missing') {
    if (!facts.folderExists) {
      examination.note(`There is no folder ${quoted(facts.folder, 120)}.`);
      return { code: 'file', hint: `The folder ${quoted(facts.folder, 120)} does not exist: check the path.` };
    }
    examination.note(`There is nothing at ${path}.`);
    return { code: 'file', hint: `There is nothing at ${path}: start the server that creates it, or check the path.` };
  }
  if (facts.kind !== 'socket') {
    examination.note(`${path} is a ${facts.kind}.`);
    return { code: 'file', hint: `${path} is a ${facts.kind}, not a socket: check the path.` };
  }
  if (!facts.writable) {
    examination.note(`${path} belongs to ${facts.owner}, and Wirebench has no permission to write to it.`);
    return {
      code: 'access-denied',
      hint: `${path} belongs to ${facts.owner}, and you have no permission to connect to it: ask for write permission.`,
    };
  }
  if (open?.some(({ kind }) => kind === 'datagram')) {
    examination.note(`${path} is open as a datagram socket.`);
    return {
      hint: `${path} is a datagram socket, and Wirebench connects stream sockets: use the path of another program.`,
    };
  }
  if (open !== undefined && !open.some(({ listening }) => listening))
    examination.note(`${path} is a socket, and no program listens on it.`);
  return {
    hint: `No program listens on ${path} any more: its server has ended and left the file. Start the server again.`,
  };
}

function closedFolder(examination: Examination, facts: PathFacts): Finding {
  const folder = quoted(facts.folder, 120);
  examination.note(`${folder} belongs to ${facts.folderOwner}, and Wirebench has no permission to write to it.`);
  return {
    code: 'access-denied',
    hint: `The folder ${folder} belongs to ${facts.folderOwner}, and you have no permission to write to it: use one of your folders, or /tmp.`,
  };
}
