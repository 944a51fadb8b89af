import type { ClientConfig, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import { type Address, formatHostPort, isLoopback } from '#shared/socket/address.ts';
import { type Transport, usesTls } from '#shared/socket/transports.ts';
import type { CallFailure } from '../failures.ts';
import { canonicalHost, familyOf, isWildcard } from '../ip-address.ts';
import type { Finding, Trouble } from './diagnosis.ts';
import type { TableSocket } from './net-tables.ts';
import type { DoctorSystem, OwnAddress, TableFilter } from './system.ts';
import { quoted } from './words.ts';

/** The time limit of each check, in ms. Together they stay below the doctor's time limit. */
const limits = { table: 400, holder: 500, freePort: 300, resolve: 600, probe: 300, file: 200 } as const;

/** The maximum number of other addresses of a name that are tried. */
const maxProbes = 4;

/** A case of the doctor's list. The first case that fits and finds something determines the diagnosis. */
export interface Case {
  readonly name: string;
  fits(examination: Examination): boolean;
  /** Makes its checks, notes their results, and returns the cause and the next step; `undefined` where it found nothing. */
  examine(examination: Examination): Promise<Finding | undefined>;
}

/** The examination of one failure: what is known of it, the checks that are possible, and their results so far. */
export class Examination {
  readonly trouble: Trouble;
  readonly system: DoctorSystem;
  readonly checks: string[] = [];

  readonly #patience: number;

  /** `patience` multiplies the time limit of each check. */
  constructor(trouble: Trouble, system: DoctorSystem, patience = 1) {
    this.trouble = trouble;
    this.system = system;
    this.#patience = patience;
  }

  get config(): ServerConfig | ClientConfig {
    return this.trouble.config;
  }

  get failure(): CallFailure {
    return this.trouble.failure;
  }

  get errno(): string {
    return this.trouble.failure.errno;
  }

  get transport(): Transport {
    return this.trouble.config.transport;
  }

  /** The protocol that carries the transport, for the system's tables. */
  get protocol(): 'tcp' | 'udp' {
    return this.transport === 'udp' ? 'udp' : 'tcp';
  }

  /** The host and port that the user named. */
  get asked(): string {
    return formatHostPort(this.config.host, this.config.port);
  }

  /** The address that the socket is bound to: of a server, its address; of a client, the local one. */
  get local(): { readonly host: string; readonly port: number } {
    const { trouble } = this;
    if (trouble.role === 'server') return { host: trouble.config.host, port: trouble.config.port };
    return { host: trouble.config.localHost, port: trouble.config.localPort };
  }

  /** The addresses that were tried; of a local socket, its path. */
  get targets(): readonly Address[] {
    const { attempts, config } = this.trouble;
    if (config.transport === 'local') return [{ host: config.path, port: 0, family: 'local' }];
    if (attempts.length > 0) return attempts.map(({ address }) => address);
    const family = familyOf(config.host);
    return family === undefined ? [] : [{ host: config.host, port: config.port, family }];
  }

  /** The address that `failure` is about: of several, the last one tried. */
  get target(): Address | undefined {
    return this.targets.at(-1);
  }

  note(text: string): void {
    this.checks.push(text);
  }

  interfaces(): readonly OwnAddress[] {
    return this.system.interfaces();
  }

  #within<Value>(ms: number, fallback: Value, check: () => Promise<Value>): Promise<Value> {
    return within(ms * this.#patience, fallback, check);
  }

  /** Returns true for an address of this machine. */
  isOwn(host: string): boolean {
    if (isLoopback(host) || isWildcard(host)) return true;
    const wanted = canonicalHost(host);
    return this.interfaces().some((own) => own.host === wanted || own.host === wanted.split('%')[0]);
  }

  sockets(protocol: 'tcp' | 'udp', wanted: TableFilter): Promise<readonly TableSocket[] | undefined> {
    return this.#within(limits.table, undefined, () => this.system.sockets(protocol, wanted));
  }

  localSockets() {
    return this.#within(limits.table, undefined, () => this.system.localSockets());
  }

  /** Returns the program that holds a socket, as a phrase: “python3 (process 42)”. */
  async who(inodes: readonly string[], userIds: readonly number[] = []): Promise<string> {
    const holder = await this.#within(limits.holder, undefined, () => this.system.holder(inodes));
    if (holder?.pid === this.system.pid) {
      return this.trouble.role === 'server' ? 'another server of this Wirebench' : 'a server of this Wirebench';
    }
    if (holder) return holder.name === '' ? `process ${holder.pid}` : `${quoted(holder.name)} (process ${holder.pid})`;
    const [user] = userIds;
    if (user === undefined) return 'another program';
    const name = await this.#within(limits.file, `user ${user}`, () => this.system.userName(user));
    return `a program of ${quoted(name)}`;
  }

  whoOf(sockets: readonly TableSocket[]): Promise<string> {
    return this.who(
      sockets.map(({ inode }) => inode),
      sockets.map(({ userId }) => userId),
    );
  }

  freePort(host: string, wanted: number): Promise<number | undefined> {
    return this.#within(limits.freePort, undefined, () => this.system.freePort(host, wanted, this.protocol));
  }

  resolve(name: string): Promise<readonly string[]> {
    return this.#within(limits.resolve, [], () => this.system.resolve(name));
  }

  nameServers() {
    return this.#within(limits.file, undefined, () => this.system.nameServers());
  }

  path(path: string) {
    return this.#within(limits.file, undefined, () => this.system.path(path));
  }

  unprivilegedPort() {
    return this.#within(limits.file, undefined, () => this.system.unprivilegedPort());
  }

  localPorts() {
    return this.#within(limits.file, undefined, () => this.system.localPorts());
  }

  openFiles() {
    return this.#within(limits.file, undefined, () => this.system.openFiles());
  }

  /** Returns the transport of the server of this program at `address`, if there is one. It must not be probed: it would record a peer. */
  ownServer(address: Address): Transport | undefined {
    return address.family === 'local' || this.isOwn(address.host) ? this.system.ownServer(address) : undefined;
  }

  async probe(address: Address): Promise<string> {
    if (this.ownServer(address)) return '';
    return this.#within(limits.probe + 100, 'ETIMEDOUT', () =>
      this.system.probe(address, limits.probe * this.#patience),
    );
  }

  async greeting(address: Address): Promise<Uint8Array | undefined> {
    // Servers of this program never send first.
    if (this.ownServer(address)) return new Uint8Array();
    return this.#within(limits.probe + 100, undefined, () =>
      this.system.greeting(address, limits.probe * this.#patience),
    );
  }

  async speaksTls(address: Address): Promise<boolean> {
    const own = this.ownServer(address);
    if (own) return usesTls(own);
    return this.#within(limits.probe + 100, false, () => this.system.speaksTls(address, limits.probe * this.#patience));
  }

  /** Returns the addresses of the name that were not tried; an empty list where the host is an address. */
  async untried(): Promise<readonly Address[]> {
    const { host, port } = this.config;
    if (familyOf(host) !== undefined) return [];
    const tried = new Set(this.trouble.attempts.map(({ address }) => address.host));
    return (await this.resolve(host))
      .filter((address) => !tried.has(address))
      .map((address): Address => ({ host: address, port, family: familyOf(address) ?? 4 }));
  }

  /** Returns the first of the name's untried addresses that accepts connections on the same port. Notes each attempt. */
  async otherThatAnswers(): Promise<Address | undefined> {
    if (this.protocol === 'udp') return undefined;
    const others = (await this.untried()).slice(0, maxProbes);
    const answers = await Promise.all(others.map((address) => this.probe(address)));
    for (const [index, address] of others.entries()) {
      const answer = answers[index] === '' ? 'accepts connections' : `failed with ${answers[index]}`;
      this.note(`${formatHostPort(address.host, address.port)}, another address of ${this.config.host}, ${answer}.`);
    }
    return others.find((_address, index) => answers[index] === '');
  }
}

/** Returns the result of `check`; `fallback` where it takes longer than `ms` or throws. */
export async function within<T>(ms: number, fallback: T, check: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, ms, fallback);
  });
  try {
    return await Promise.race([check(), late]);
  } catch {
    return fallback;
  } finally {
    clearTimeout(timer);
  }
}
