import { lookup } from 'node:dns/promises';
import type { Stats } from 'node:fs';
import { access, constants, lstat, readdir, readFile } from 'node:fs/promises';
import os from 'node:os';
import { dirname } from 'node:path';
import { descriptorLimit } from '#files/descriptors.ts';
import type { Address } from '#shared/socket/address.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { canonicalHost } from '../ip-address.ts';
import { parseLocalTable, parseNetTable, type TableLocalSocket, type TableSocket } from './net-tables.ts';
import { findFreePort, findHolder, type Holder } from './port-holder.ts';
import { answersTls, greetingOf, tryAddress } from './probe.ts';

/** An address of this machine. */
export interface OwnAddress {
  readonly interfaceName: string;
  readonly host: string;
  readonly family: 4 | 6;
  readonly loopback: boolean;
  readonly cidr: string;
}

/** What is at the path of a local socket. */
export interface PathFacts {
  /** `unseen`: this user has no permission to search a folder above, so it is not known whether anything is there. */
  readonly kind: 'missing' | 'unseen' | 'socket' | 'file' | 'folder';
  /** Of a path that is `unseen`: the folder above that this user may not search, and its owner. */
  readonly closed?: { readonly folder: string; readonly owner: string } | undefined;
  readonly folder: string;
  readonly folderExists: boolean;
  /** This user may create entries in the folder. */
  readonly folderWritable: boolean;
  /** The names or numbers of the users who own the folder and, where it exists, the path. */
  readonly folderOwner: string;
  readonly owner: string;
  /** This user may write to the path: connecting needs that. */
  readonly writable: boolean;
  readonly readable: boolean;
}

/** Selects sockets of a table by port and state. */
export type TableFilter = (port: number, state: TableSocket['state']) => boolean;

/**
 * What the doctor can examine. The result is `undefined` where a system does not report it. Nothing here changes anything,
 * and only `probe`, `greeting`, `speaksTls` and `resolve` send something.
 */
export interface DoctorSystem {
  readonly platform: NodeJS.Platform;
  readonly pid: number;
  /** Milliseconds since the epoch. */
  now(): number;
  isRoot(): boolean;
  interfaces(): readonly OwnAddress[];
  sockets(protocol: 'tcp' | 'udp', wanted: TableFilter): Promise<readonly TableSocket[] | undefined>;
  localSockets(): Promise<readonly TableLocalSocket[] | undefined>;
  holder(inodes: readonly string[]): Promise<Holder | undefined>;
  /** The name of a user of this machine, or “user 33” where it has none. */
  userName(id: number): Promise<string>;
  freePort(host: string, wanted: number, protocol: 'tcp' | 'udp'): Promise<number | undefined>;
  /** The addresses of a name; an empty list where it does not resolve. */
  resolve(name: string): Promise<readonly string[]>;
  /** The name servers of /etc/resolv.conf. */
  nameServers(): Promise<readonly string[] | undefined>;
  /** The transport of the server of this program that listens at `address`, if there is one. It must not be probed. */
  ownServer(address: Address): Transport | undefined;
  /** Connects and closes: an empty string on success, else the errno. */
  probe(address: Address, timeoutMs: number): Promise<string>;
  /** The first bytes that a server sends without a request; empty where it sends nothing, `undefined` where it cannot be reached. */
  greeting(address: Address, timeoutMs: number): Promise<Uint8Array | undefined>;
  /** True where the server answers a TLS handshake with TLS. */
  speaksTls(address: Address, timeoutMs: number): Promise<boolean>;
  /** The first port that every user may bind. */
  unprivilegedPort(): Promise<number | undefined>;
  /** The first and the last port that connect() selects from. */
  localPorts(): Promise<readonly [number, number] | undefined>;
  /** Descriptors of this process: the number of open ones and their limit. */
  openFiles(): Promise<{ readonly open: number; readonly limit: number } | undefined>;
  path(path: string): Promise<PathFacts>;
}

/** This machine. On Linux the tables and limits come from /proc (proc(5)). */
export const thisSystem: DoctorSystem = {
  platform: process.platform,
  pid: process.pid,
  now: () => Date.now(),
  isRoot: () => process.geteuid?.() === 0,
  interfaces() {
    return Object.entries(os.networkInterfaces()).flatMap(([interfaceName, entries]) =>
      (entries ?? []).map(({ address, family, internal, cidr }): OwnAddress => {
        const host = canonicalHost(address);
        return { interfaceName, host, family: family === 'IPv6' ? 6 : 4, loopback: internal, cidr: cidr ?? '' };
      }),
    );
  },
  async sockets(protocol, wanted) {
    const tables = await Promise.all([proc(`net/${protocol}`), proc(`net/${protocol}6`)]);
    if (tables[0] === undefined) return undefined;
    return tables.flatMap((table) => parseNetTable(table ?? '', protocol, wanted));
  },
  async localSockets() {
    const table = await proc('net/unix');
    return table === undefined ? undefined : parseLocalTable(table);
  },
  holder: findHolder,
  userName: async (id) => nameIn(await userNames(), id),
  freePort: findFreePort,
  async resolve(name) {
    const found = await lookup(name, { all: true, order: 'verbatim' }).catch(() => []);
    return found.map(({ address }) => address);
  },
  async nameServers() {
    if (process.platform === 'win32') return undefined;
    const text = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
    return [...text.matchAll(/^\s*nameserver\s+(\S{1,100})/gm)].map(([, server = '']) => server);
  },
  // Only the engine knows them.
  ownServer: () => undefined,
  probe: tryAddress,
  greeting: greetingOf,
  speaksTls: answersTls,
  async unprivilegedPort() {
    if (process.platform === 'win32') return 0;
    const first = await numbersOf('sys/net/ipv4/ip_unprivileged_port_start');
    return first[0] ?? 1_024;
  },
  async localPorts() {
    const [first, last] = await numbersOf('sys/net/ipv4/ip_local_port_range');
    return first === undefined || last === undefined ? undefined : [first, last];
  },
  async openFiles() {
    const limit = descriptorLimit();
    if (limit === undefined) return undefined;
    // The descriptor that lists them does not count. Where none is left for listing them, all are in use.
    const open = await readdir('/proc/self/fd').then(
      (names) => names.length - 1,
      () => limit,
    );
    return { open, limit };
  },
  async path(path) {
    const folder = dirname(path);
    const [stats, folderStats] = await Promise.all([lstat(path).catch(codeOf), lstat(folder).catch(() => undefined)]);
    const [users, above] = await Promise.all([userNames(), stats === 'EACCES' ? closedAbove(path) : undefined]);
    const nameOf = (id: number | undefined) => (id === undefined ? '' : nameIn(users, id));
    return {
      kind: typeof stats === 'string' ? (above ? 'unseen' : 'missing') : kindOf(stats),
      closed: above && { folder: above.folder, owner: nameOf(above.uid) },
      folder,
      folderExists: folderStats !== undefined,
      folderWritable: await may(folder, constants.W_OK | constants.X_OK),
      folderOwner: nameOf(folderStats?.uid),
      owner: nameOf(typeof stats === 'string' ? undefined : stats.uid),
      writable: await may(path, constants.W_OK),
      readable: await may(path, constants.R_OK),
    };
  },
};

/** Reads a file of /proc; `undefined` where it does not exist. */
async function proc(name: string): Promise<string | undefined> {
  return process.platform === 'linux' ? readFile(`/proc/${name}`, 'latin1').catch(() => undefined) : undefined;
}

async function numbersOf(name: string): Promise<number[]> {
  const text = (await proc(name)) ?? '';
  return (text.match(/\d+/g) ?? []).map(Number);
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

function kindOf(stats: Stats): PathFacts['kind'] {
  if (stats.isSocket()) return 'socket';
  return stats.isDirectory() ? 'folder' : 'file';
}

/** Finds the folder above `path` that this user may not search: the lowest one that is visible. */
async function closedAbove(path: string): Promise<{ readonly folder: string; readonly uid: number } | undefined> {
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const stats = await lstat(folder).catch(() => undefined);
    if (stats) return { folder, uid: stats.uid };
    if (folder === dirname(folder)) return undefined;
  }
}

async function may(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

function nameIn(users: ReadonlyMap<number, string>, id: number): string {
  return users.get(id) ?? `user ${id}`;
}

/** Reads the local users of this machine (passwd(5)). */
async function userNames(): Promise<ReadonlyMap<number, string>> {
  const text = await readFile('/etc/passwd', 'utf8').catch(() => '');
  return new Map([...text.matchAll(/^([^:\n]+):[^:\n]*:(\d+):/gm)].map(([, name = '', id]) => [Number(id), name]));
}
