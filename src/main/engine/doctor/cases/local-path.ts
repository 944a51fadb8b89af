import type { Finding } from '../diagnosis.ts';
import type { Case, Examination } from '../examination.ts';
import type { PathFacts } from '../system.ts';
import { quoted, sentence } from '../words.ts';
import { closedAbove } from './closed-folder.ts';

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

/** A local socket's path (unix(7)): what is there, who listens on it, who may use it, is it too long. */
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

/** sun_path with its ending zero: 108 bytes on Linux, 104 on macOS and the BSDs. */
function longPath(examination: Examination, path: string): Finding | undefined {
  const most = examination.system.platform === 'linux' ? 107 : 103;
  const length = Buffer.byteLength(path);
  if (length <= most) return undefined;
  examination.note(`The path has ${length} bytes; this system takes ${most}.`);
  return {
    code: 'bad-input',
    hint: `The path is too long for a local socket: ${length} bytes, and this system takes ${most}. Choose a shorter one.`,
  };
}

async function ofServer(examination: Examination, facts: PathFacts, inode: string | undefined): Promise<Finding> {
  const path = quoted(examination.config.path, 120);
  const folder = quoted(facts.folder, 120);
  if (!facts.folderExists) {
    examination.note(`There is no folder ${folder}.`);
    return { code: 'file', hint: `The folder ${folder} does not exist: make it, or choose another path.` };
  }
  if (facts.kind === 'missing' || examination.errno === 'EACCES' || examination.errno === 'EPERM') {
    if (!facts.folderWritable) return closedFolder(examination, facts);
    return { hint: 'The system refuses to make a socket there: choose a path in another folder, as /tmp.' };
  }
  if (facts.kind !== 'socket') {
    examination.note(`${path} is a ${facts.kind}.`);
    return { hint: `${path} is a ${facts.kind}, and no socket: choose another path, or move it away.` };
  }
  if (inode === undefined) {
    examination.note(`${path} is a socket, and nothing is seen to listen on it.`);
    return {
      hint: `${path} is left over from a server that is gone, or its server is not to be seen: delete it, or choose another path.`,
    };
  }
  const who = sentence(await examination.who([inode]));
  examination.note(`${who} has ${path} open.`);
  return { hint: `${who} holds ${path}. Stop it, or choose another path.` };
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
    return { code: 'file', hint: `Nothing is at ${path}: start the server that makes it, or check the path.` };
  }
  if (facts.kind !== 'socket') {
    examination.note(`${path} is a ${facts.kind}.`);
    return { code: 'file', hint: `${path} is a ${facts.kind}, and no socket: check the path.` };
  }
  if (!facts.writable) {
    examination.note(`${path} belongs to ${facts.owner}, and we may not write to it.`);
    return {
      code: 'access-denied',
      hint: `${path} belongs to ${facts.owner}, who lets nobody else connect: ask for the right to write to it.`,
    };
  }
  if (open?.some(({ kind }) => kind === 'datagram')) {
    examination.note(`${path} is open as a socket of datagrams.`);
    return { hint: `${path} takes datagrams, and Wirebench connects with streams: use another program’s path.` };
  }
  if (open !== undefined && !open.some(({ listening }) => listening))
    examination.note(`${path} is a socket, and nobody listens on it.`);
  return { hint: `Nobody listens on ${path} any more: the file is left over. Start its server again.` };
}

function closedFolder(examination: Examination, facts: PathFacts): Finding {
  const folder = quoted(facts.folder, 120);
  examination.note(`${folder} belongs to ${facts.folderOwner}, and we may not write to it.`);
  return {
    code: 'access-denied',
    hint: `The folder ${folder} belongs to ${facts.folderOwner}, and you may not write there: choose a folder of yours, or /tmp.`,
  };
}
