import type { ClientConfig, ServerConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import { formatHostPort, isLoopback } from '#shared/socket/address.ts';
import { type Transport, usesTls } from '#shared/socket/transports.ts';
import type { CallFailure } from '../drivers/call-failure.ts';
import { canonicalHost } from '../ip-address.ts';
import { familyOf, isWildcard } from './address-kinds.ts';
import type { Finding, Trouble } from './diagnosis.ts';
import type { TableSocket } from './net-tables.ts';
import type { DoctorSystem, OwnAddress, TableFilter } from './system.ts';
import { quoted } from './words.ts';

/** How long each check may take, in ms. Together they stay below the doctor's own deadline. */
const limits = { table: 400, holder: 500, freePort: 300, resolve: 600, probe: 300, file: 200 } as const;

/** How many other addresses of a name are tried. */
const maxProbes = 4;

/** A case of the doctor's list: the first that fits and finds something is what is said. */
export interface Case {
  readonly name: string;
  fits(examination: Examination): boolean;
  /** Looks, notes what it found, and gives the cause and the next step; `undefined` where it has nothing to say. */
  examine(examination: Examination): Promise<Finding | undefined>;
}

/** One trouble being looked into: what is known of it, what can be looked at, and what was found so far. */
export class Examination {
  readonly trouble: Trouble;
  readonly system: DoctorSystem;
  readonly checks: string[] = [];

  readonly #patience: number;

  /** `patience` multiplies the time that each look may take. */
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

  /** What the transport is carried by, for the system's tables. */
  get protocol(): 'tcp' | 'udp' {
    return this.transport === 'udp' ? 'udp' : 'tcp';
  }

  /** The host and port the user named. */
  get asked(): string {
    return formatHostPort(this.config.host, this.config.port);
  }

  /** What a socket here is bound to: a server's address, or the local one of a client. */
  get local(): { readonly host: string; readonly port: number } {
    const { trouble } = this;
    if (trouble.role === 'server') return { host: trouble.config.host, port: trouble.config.port };
    return { host: trouble.config.localHost, port: trouble.config.localPort };
  }

  /** The addresses that were tried: of a literal address, itself; of a local socket, its path. */
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

  #within<Value>(ms: number, late: Value, look: () => Promise<Value>): Promise<Value> {
    return within(ms * this.#patience, late, look);
  }

  /** True for an address that is on this machine. */
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

  /** Who holds a socket, in words that begin a sentence: “python3 (process 42)”. */
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

  /** What a server of this program speaks that is at `address`, if one is. It would take a probe for a peer. */
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
    // Servers of ours never speak first.
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

  /** The name's addresses that were not tried; none where the host is an address. */
  async untried(): Promise<readonly Address[]> {
    const { host, port } = this.config;
    if (familyOf(host) !== undefined) return [];
    const tried = new Set(this.trouble.attempts.map(({ address }) => address.host));
    return (await this.resolve(host))
      .filter((address) => !tried.has(address))
      .map((address): Address => ({ host: address, port, family: familyOf(address) ?? 4 }));
  }

  /** The first of the name's untried addresses that answers on the same port. Notes each that was tried. */
  async otherThatAnswers(): Promise<Address | undefined> {
    if (this.protocol === 'udp') return undefined;
    const others = (await this.untried()).slice(0, maxProbes);
    const answers = await Promise.all(others.map((address) => this.probe(address)));
    for (const [index, address] of others.entries()) {
      const answer = answers[index] === '' ? 'accepts connections' : `answers ${answers[index]}`;
      this.note(`${formatHostPort(address.host, address.port)}, another address of ${this.config.host}, ${answer}.`);
    }
    return others.find((_address, index) => answers[index] === '');
  }
}

/** What `look` gives; `otherwise` where it takes longer than `ms` or throws. */
export async function within<T>(ms: number, otherwise: T, look: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(resolve, ms, otherwise);
  });
  try {
    return await Promise.race([look(), late]);
  } catch {
    return otherwise;
  } finally {
    clearTimeout(timer);
  }
}
