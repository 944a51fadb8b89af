import type { Attempt, Trouble } from '#engine/doctor/diagnosis.ts';
import type { TableSocket } from '#engine/doctor/net-tables.ts';
import type { DoctorSystem, OwnAddress, PathFacts } from '#engine/doctor/system.ts';
import type { CallFailure } from '#engine/failures.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Address } from '#shared/socket/address.ts';
import type { CertificateInfo, SocketCall } from '#shared/socket/terms.ts';
import type { Transport } from '#shared/socket/transports.ts';
import { type ClientChanges, clientConfig, type ServerChanges, serverConfig } from '#support/config.ts';

/** A machine as a test describes it. Keys of `names` are hosts, of `answers`, `greetings`, `tls` and `own` `host:port`. */
export interface FakeFacts {
  readonly tcp?: readonly TableSocket[];
  readonly udp?: readonly TableSocket[];
  readonly local?: readonly { path: string; kind: 'stream' | 'datagram'; listening: boolean; inode: string }[];
  readonly holders?: Readonly<Record<string, { pid: number; name: string }>>;
  readonly names?: Readonly<Record<string, readonly string[]>>;
  readonly answers?: Readonly<Record<string, string>>;
  readonly greetings?: Readonly<Record<string, string>>;
  readonly tls?: readonly string[];
  readonly own?: Readonly<Record<string, Transport>>;
  readonly path?: Partial<PathFacts>;
  readonly interfaces?: readonly OwnAddress[];
  /** What differs from the usual fake machine. */
  readonly system?: Partial<DoctorSystem>;
}

const loopback4 = { interfaceName: 'lo', host: '127.0.0.1', family: 4, loopback: true, cidr: '127.0.0.1/8' } as const;
const loopback6 = { interfaceName: 'lo', host: '::1', family: 6, loopback: true, cidr: '::1/128' } as const;
const ethernet = {
  interfaceName: 'eth0',
  host: '192.168.1.20',
  family: 4,
  loopback: false,
  cidr: '192.168.1.20/24',
} as const;

/** The interfaces of fake machines. */
export const fakeInterfaces = {
  loopback4,
  loopback6,
  ethernet,
  linkLocal: { interfaceName: 'eth0', host: 'fe80::5', family: 6, loopback: false, cidr: 'fe80::5/64' },
} as const satisfies Record<string, OwnAddress>;

/** A Linux machine at 192.168.1.20 whose user is not root, on 1 March 2026: nothing is open but what `facts` say. */
export function fakeSystem(facts: FakeFacts = {}): DoctorSystem {
  const at = ({ host, port }: Address) => `${host}:${port}`;
  return {
    platform: 'linux',
    pid: 100,
    now: () => Date.UTC(2026, 2, 1),
    isRoot: () => false,
    interfaces: () => facts.interfaces ?? [loopback4, loopback6, ethernet],
    sockets: async (protocol, wanted) => (facts[protocol] ?? []).filter(({ port, state }) => wanted(port, state)),
    localSockets: async () => facts.local ?? [],
    holder: async ([inode = '']) => facts.holders?.[inode],
    userName: async (id) => ({ 0: 'root', 33: 'www-data' })[id] ?? `user ${id}`,
    freePort: async (_host, wanted) => wanted + 1,
    resolve: async (name) => facts.names?.[name] ?? (name === 'localhost' ? ['127.0.0.1'] : []),
    nameServers: async () => ['192.168.1.1'],
    ownServer: (address) => facts.own?.[at(address)],
    probe: async (address) => facts.answers?.[at(address)] ?? 'ECONNREFUSED',
    greeting: async (address) => Buffer.from(facts.greetings?.[at(address)] ?? ''),
    speaksTls: async (address) => facts.tls?.includes(at(address)) ?? false,
    unprivilegedPort: async () => 1_024,
    localPorts: async () => [32_768, 60_999],
    openFiles: async () => ({ open: 1_021, limit: 1_024 }),
    path: async () => ({
      kind: 'missing',
      folder: '/run/app',
      folderExists: true,
      folderWritable: true,
      folderOwner: 'root',
      owner: 'root',
      writable: true,
      readable: true,
      ...facts.path,
    }),
    ...facts.system,
  };
}

/** A row of a fake machine's tables. */
export function tableSocket(part: Partial<TableSocket> & { readonly port: number }): TableSocket {
  const host = part.host ?? '127.0.0.1';
  return {
    host,
    family: host.includes(':') ? 6 : 4,
    state: 'listening',
    waiting: 0,
    userId: 1_000,
    inode: '7',
    ...part,
  };
}

/** A certificate of a private authority, valid in 2026. */
export const fakeCertificate: CertificateInfo = {
  subject: 'CN=device.lan',
  issuer: 'CN=Workshop CA',
  names: ['device.lan', 'www.device.lan'],
  validFrom: Date.UTC(2026, 0, 1),
  validTo: Date.UTC(2026, 11, 31),
  fingerprint: Array.from({ length: 32 }, () => 'AB').join(':'),
};

/** A server of the default configuration that could not listen. */
export function serverTrouble(
  errno: string,
  config: ServerChanges = {},
  more: { call?: SocketCall } & Partial<CallFailure> = {},
): Trouble {
  return {
    role: 'server',
    config: serverConfig({ ...config }),
    failure: { call: 'bind', errno, ...more },
    attempts: [],
  };
}

/** A client of the default configuration that could not connect; `tried` are the addresses of its name. */
export function clientTrouble(
  errno: string,
  config: ClientChanges = {},
  more: { tried?: readonly string[] } & Partial<CallFailure> = {},
): Trouble {
  const { tried = [], ...part } = more;
  const failure: CallFailure = { call: 'connect', errno, ...part };
  const whole: ClientConfig = clientConfig({ ...config });
  const attempts = tried.map((host): Attempt => {
    return { address: { host, port: whole.port, family: host.includes(':') ? 6 : 4 }, failure };
  });
  return { role: 'client', config: whole, failure, attempts };
}
