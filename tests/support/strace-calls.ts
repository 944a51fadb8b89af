import { readFile } from 'node:fs/promises';

/** One call on a socket, as the tests compare them. */
export interface SeenCall {
  readonly name: string;
  /** What it returned: a number of bytes, or 0; -1 for an error. For a new socket 0, as descriptors may differ. */
  readonly result: number;
}

/** The calls on one socket, in their order. */
export type SeenSocket = readonly SeenCall[];

/** The system calls that the comparison is about, and the names that the calls of the languages have for them. */
export const straceFilter =
  'socket,bind,listen,accept,accept4,connect,getsockopt,sendto,recvfrom,sendmsg,recvmsg,read,write,writev,shutdown,close,clone,clone3,fork,vfork,execve,dup,dup2,dup3,fcntl';

interface Line {
  readonly tid: number;
  readonly name: string;
  readonly args: string;
  readonly result: number;
  readonly error: string;
}

/** Returns the lines of what strace wrote, with calls that were interrupted joined again, in the order of their ends. */
function linesOf(text: string): Line[] {
  const lines: Line[] = [];
  const unfinished = new Map<string, string>();
  for (const line of text.split('\n')) {
    const [, tid = '', rest = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? [];
    const begun = /^(\w+)\((.*)<unfinished \.\.\.>$/.exec(rest);
    if (begun) {
      unfinished.set(`${tid} ${begun[1]}`, begun[2] ?? '');
      continue;
    }
    const resumed = /^<\.\.\. (\w+) resumed>(.*)$/.exec(rest);
    const whole = resumed ? `${resumed[1]}(${unfinished.get(`${tid} ${resumed[1]}`) ?? ''}${resumed[2]}` : rest;
    const [, name = '', args = '', result = '', error = ''] =
      /^(\w+)\((.*)\)\s+= (-?\d+)(?: (E\w+))?/.exec(whole) ?? [];
    if (name !== '') lines.push({ tid: Number(tid), name, args, result: Number(result), error });
  }
  return lines;
}

/**
 * Returns the calls on each socket that strace saw: the sockets that a process made or accepted, in the order in which it did.
 * Calls on other descriptors are left out, and those on sockets that a child process inherited are sockets of the child.
 */
export async function socketsOfStrace(path: string, byNode = false): Promise<SeenSocket[]> {
  const processes = new Map<number, number>();
  const sockets = new Map<string, SeenCall[]>();
  const all: SeenCall[][] = [];
  const processOf = (tid: number) => processes.get(tid) ?? tid;
  const executed = new Set<number>();
  const inherited = new Map<number, SeenCall[][]>();
  const begin = (pid: number, descriptor: number) => {
    const calls: SeenCall[] = [];
    all.push(calls);
    sockets.set(`${pid} ${descriptor}`, calls);
    return calls;
  };
  for (const { tid, name, args, result, error } of linesOf(await readFile(path, 'utf8'))) {
    const pid = processOf(tid);
    if (name.startsWith('clone') || name === 'fork' || name === 'vfork') {
      if (result > 0 && args.includes('CLONE_THREAD')) processes.set(result, pid);
      else if (result > 0 && !executed.has(result)) inherit(pid, result);
      continue;
    }
    if (name === 'execve') {
      leave(pid);
      continue;
    }
    const descriptor = Number(/^(\d+)/.exec(args)?.[1] ?? -1);
    if (name === 'socket' && result >= 0 && args.startsWith('AF_INET')) begin(pid, result).push({ name, result: 0 });
    const calls = sockets.get(`${pid} ${descriptor}`);
    if (calls && name === 'getsockopt') endConnect(calls, args);
    if (!calls || name === 'getsockopt' || name === 'socket' || name === 'fcntl' || name.startsWith('dup')) continue;
    if (name.startsWith('accept') && result >= 0) begin(pid, result);
    // libuv reads and accepts until there is nothing more, sends the rest later, and waits for connect().
    if (byNode && error === 'EAGAIN') continue;
    const isFine = error === '' || (byNode && error === 'EINPROGRESS');
    calls.push({ name: nameOf(name, args, byNode), result: isFine ? resultOf(name, result) : -1 });
    if (name === 'close') sockets.delete(`${pid} ${descriptor}`);
  }
  return all.filter((calls) => calls.length > 0);

  /** What a process did with inherited sockets before it ran another program was not the work of a program. */
  function leave(pid: number): void {
    executed.add(pid);
    for (const calls of inherited.get(pid) ?? []) calls.length = 0;
    for (const key of [...sockets.keys()]) if (key.startsWith(`${pid} `)) sockets.delete(key);
  }

  /** A child process has the descriptors of its parent. For the comparison, they are separate sockets. */
  function inherit(parent: number, child: number): void {
    for (const key of [...sockets.keys()]) {
      const [pid, descriptor] = key.split(' ').map(Number);
      if (pid !== parent || descriptor === undefined) continue;
      inherited.set(child, [...(inherited.get(child) ?? []), begin(child, descriptor)]);
    }
  }
}

/** Node.js asks later how a connect() ended that it did not wait for. */
function endConnect(calls: SeenCall[], args: string): void {
  const at = calls.findLastIndex(({ name }) => name === 'connect');
  if (at >= 0 && /SO_ERROR, \[E?[A-Z1-9]/.test(args)) calls[at] = { name: 'connect', result: -1 };
}

function nameOf(name: string, args: string, byNode: boolean): string {
  // libuv uses the functions with many buffers for all that has an address.
  if (byNode && name === 'sendmsg') return args.includes('msg_name=NULL') ? 'send' : 'sendto';
  if (byNode && name === 'recvmsg') return 'recvfrom';
  if (name === 'accept4') return 'accept';
  if (name === 'read') return 'recv';
  if (name === 'write' || name === 'writev') return 'send';
  if (name === 'sendto') return args.includes('sa_family') ? 'sendto' : 'send';
  if (name === 'recvfrom') return args.includes('sa_family') ? 'recvfrom' : 'recv';
  return name;
}

function resultOf(name: string, result: number): number {
  return name.startsWith('accept') || name === 'connect' ? 0 : result;
}

/** Joins what one sendall() may have needed several calls for, so that both sides are the same. */
export function withoutSplits(calls: SeenSocket): SeenSocket {
  const joined: SeenCall[] = [];
  for (const call of calls) {
    const last = joined.at(-1);
    if (last?.name === 'send' && call.name === 'send' && last.result >= 0 && call.result >= 0)
      joined[joined.length - 1] = { name: 'send', result: last.result + call.result };
    else joined.push(call);
  }
  return joined;
}
