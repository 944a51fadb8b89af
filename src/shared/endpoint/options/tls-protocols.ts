import { encodeUtf8 } from '../../bytes/text.ts';
import { bothRoles, endpointOption, overTls, type SystemFacts, type SystemText } from './option.ts';
import { choice, list } from './value-schema.ts';

export const alpn = endpointOption({
  path: 'tls.alpn',
  label: 'Protocols offered (ALPN)',
  schema: list({
    max: 16,
    separator: 'words',
    problem: (name) => (isAlpnName(name) ? undefined : 'An ALPN protocol must have 1–255 bytes'),
  }),
  default: [],
  transports: overTls,
  roles: bothRoles,
  row: {
    group: 'TLS',
    help: 'Application protocols in order of preference, such as h2, http/1.1.',
    placeholder: 'none',
    aliases: 'ALPN set_alpn_protocols',
  },
  flags: [
    {
      spelling: '--alpn <protocols>',
      group: 'TLS:',
      help: 'application protocols in order of preference, such as h2,http/1.1',
    },
  ],
});

/** RFC 7301, section 3.1: the length of a protocol's name is one byte. */
function isAlpnName(name: string): boolean {
  const { length } = encodeUtf8(name);
  return length > 0 && length <= 255;
}

export const tlsVersions = ['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const;
type TlsVersion = (typeof tlsVersions)[number];

const schema = choice(tlsVersions.map((value) => ({ value, label: value.replace('TLSv', 'TLS ') })));
/** As the command line spells them. */
const numbers = ['1.0', '1.1', '1.2', '1.3'];
const versionOf = (number: string): TlsVersion => tlsVersions[numbers.indexOf(number)] ?? 'TLSv1.2';

function onSystem(usual: TlsVersion): (facts: SystemFacts) => SystemText {
  return ({ tlsVersions: offered }) => {
    const missing = tlsVersions.filter((version) => !offered.includes(version));
    return {
      value: `${usual}; available: ${offered.join(', ')}`,
      unavailable: missing.length === 0 ? undefined : `this Node does not offer ${missing.join(', ')}`,
    };
  };
}

export const minVersion = endpointOption({
  path: 'tls.minVersion',
  label: 'Minimum version',
  schema,
  default: 'TLSv1.2',
  transports: overTls,
  roles: bothRoles,
  row: {
    group: 'TLS',
    help: 'The handshake fails if the peer only supports older versions.',
    aliases: 'minimum_version TLSv1.2 TLSv1.3',
  },
  flags: [
    {
      spelling: '--tls-min <version>',
      group: 'TLS:',
      help: 'minimum TLS version (default: 1.2)',
      choices: numbers,
      sets: (number: string) => ({ 'tls.minVersion': versionOf(number) }),
    },
  ],
  check: (values) => {
    const order: readonly unknown[] = tlsVersions;
    return order.indexOf(values['tls.minVersion']) > order.indexOf(values['tls.maxVersion'])
      ? 'Minimum TLS version must not be above the maximum version'
      : undefined;
  },
  onSystem: onSystem('TLSv1.2'),
});

export const maxVersion = endpointOption({
  path: 'tls.maxVersion',
  label: 'Maximum version',
  schema,
  default: 'TLSv1.3',
  transports: overTls,
  roles: bothRoles,
  row: {
    group: 'TLS',
    help: 'Newer versions are not offered.',
    aliases: 'maximum_version TLSv1.2 TLSv1.3',
  },
  flags: [
    {
      spelling: '--tls-max <version>',
      group: 'TLS:',
      help: 'maximum TLS version (default: 1.3)',
      choices: numbers,
      sets: (number: string) => ({ 'tls.maxVersion': versionOf(number) }),
    },
  ],
  onSystem: onSystem('TLSv1.3'),
});
