import { bothRoles, clients, endpointOption, overTls, servers } from './option.ts';
import { choice, filePath, flag, list, text, type ValueSchema } from './value-schema.ts';

const group = 'TLS';

/** Refuse a server whose certificate does not verify. */
export const verify = endpointOption({
  path: 'tls.verify',
  label: 'Verify the server’s certificate',
  schema: flag,
  default: true,
  transports: overTls,
  roles: clients,
  row: {
    group,
    help: 'Checks name, validity dates and issuer. When off, anyone can pretend to be the server.',
    aliases: 'verify CERT_REQUIRED check_hostname rejectUnauthorized',
  },
  flags: [
    {
      spelling: '--insecure',
      group: 'TLS:',
      help: 'accept any server certificate',
      sets: () => ({ 'tls.verify': false }),
    },
  ],
});

/** The name that is requested (SNI) and verified; empty: the host. */
export const serverName = endpointOption({
  path: 'tls.serverName',
  label: 'Server name (SNI)',
  schema: text(255),
  default: '',
  transports: overTls,
  roles: clients,
  row: {
    group,
    help: 'The name to request and verify: server_hostname in wrap_socket(). Empty: the host.',
    placeholder: 'the host',
    aliases: 'SNI server_hostname servername',
  },
  flags: [
    {
      spelling: '--server-name <name>',
      group: 'TLS:',
      help: 'name to request (SNI) and verify, if it differs from the host',
    },
  ],
});

/** Certificates that are trusted regardless of errors. */
export const trusted = endpointOption({
  path: 'tls.trusted',
  label: 'Trusted certificates',
  schema: list({
    max: 100,
    separator: 'words',
    normalise: readFingerprint,
    problem: (item) =>
      /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/.test(item)
        ? undefined
        : 'The fingerprint must be the SHA-256 of a certificate, 32 bytes in hex: AA:BB:…',
  }),
  default: [],
  transports: overTls,
  roles: clients,
  row: {
    group,
    help: 'SHA-256 fingerprints of certificates that this endpoint trusts regardless of errors.',
    placeholder: 'none',
    aliases: 'fingerprint pin trust self-signed',
  },
  flags: [
    {
      spelling: '--trust <fingerprint>',
      group: 'TLS:',
      help: 'trust the certificate with this SHA-256 fingerprint; can be repeated',
    },
  ],
});

/** Reads a SHA-256 with or without colons, also after `sha256 Fingerprint=`, as openssl prints it. */
function readFingerprint(typed: string): string {
  const hex = typed.replace(/^.*=/, '').replaceAll(/[: ]/g, '').toUpperCase();
  return /^[0-9A-F]{64}$/.test(hex) ? (hex.match(/../g) ?? []).join(':') : typed.toUpperCase();
}

export const authorities = endpointOption({
  path: 'tls.ca',
  label: 'CA certificates',
  schema: filePath,
  default: '',
  transports: overTls,
  roles: bothRoles,
  row: {
    group,
    control: 'file',
    help: 'CA certificates (PEM), as in load_verify_locations(). Empty: those of the system and of Node.',
    placeholder: 'system trust store and Node’s',
    aliases: 'CA cafile load_verify_locations root certificates authorities',
  },
  flags: [
    {
      spelling: '--ca <file>',
      group: 'TLS:',
      help: 'CA certificates (PEM) that verify the peer’s certificate (default: those of the system and of Node)',
    },
  ],
  onSystem: ({ authorities: { system, node, all } }) => {
    const ofNode = `${node} from Node (with NODE_EXTRA_CA_CERTS)`;
    return {
      value: system === 0 ? `${ofNode}; none from the system` : `${all} CAs: ${system} from the system, ${ofNode}`,
    };
  },
});

export const clientCertificate = endpointOption({
  path: 'tls.clientCertificate',
  label: 'Client certificates',
  schema: choice([
    { value: 'none', label: 'Not requested' },
    { value: 'request', label: 'Requested' },
    { value: 'require', label: 'Required' },
  ]),
  default: 'none',
  transports: overTls,
  roles: servers,
  row: {
    group,
    help: 'Whether clients must present a certificate.',
    aliases: 'mutual mTLS requestCert CERT_OPTIONAL',
  },
  flags: [
    {
      spelling: '--client-cert <what>',
      group: 'TLS:',
      help: 'request or require a certificate from clients',
      choices: ['request', 'require'],
    },
  ],
});

export const certificate = endpointOption({
  path: 'tls.certificate',
  label: 'Certificate',
  schema: filePath,
  default: '',
  transports: overTls,
  roles: bothRoles,
  row: {
    group,
    control: 'file',
    help: 'Certificate of this endpoint with its chain (PEM), as in load_cert_chain(). Empty: a server creates one for localhost, a client has none.',
    placeholder: 'none',
    aliases: 'certfile load_cert_chain client certificate',
  },
  flags: [
    {
      spelling: '--cert <file>',
      group: 'TLS:',
      help: {
        server: 'server certificate with its chain (PEM) (default: self-signed for localhost)',
        client: 'client certificate with its chain (PEM)',
      },
      // One file may hold both, as with curl and openssl.
      sets: (file: string) => ({ 'tls.certificate': file, 'tls.key': file }),
    },
  ],
  check: (values) =>
    values['tls.certificate'] === '' && values['tls.key'] !== '' ? 'A key needs its certificate' : undefined,
});

export const key = endpointOption({
  path: 'tls.key',
  label: 'Private key',
  schema: filePath,
  default: '',
  transports: overTls,
  roles: bothRoles,
  row: {
    group,
    control: 'file',
    help: 'The private key of the certificate (PEM).',
    placeholder: 'none',
    aliases: 'keyfile private key',
  },
  flags: [
    {
      spelling: '--key <file>',
      group: 'TLS:',
      help: 'private key (PEM), if it is not in the certificate file',
      needs: 'cert',
    },
  ],
  check: (values) =>
    values['tls.key'] === '' && values['tls.certificate'] !== '' ? 'A certificate needs its key' : undefined,
});

const secret: ValueSchema<string> = { type: 'text', max: 1_024, trim: false };

/** What the key is encrypted with; empty in views. */
export const passphrase = endpointOption({
  path: 'tls.passphrase',
  label: 'Passphrase of the key',
  schema: secret,
  default: '',
  transports: overTls,
  roles: bothRoles,
  row: {
    group,
    control: 'secret',
    help: 'Decrypts the private key. Never shown again and not stored by this page.',
    when: { path: 'tls.key', not: [''] },
    setPath: 'tls.passphraseSet',
    aliases: 'password',
  },
  flags: [
    {
      spelling: '--passphrase-file <file>',
      group: 'TLS:',
      help: 'file whose first line is the passphrase of the key',
      source: 'first-line',
      needs: 'cert',
      sets: (line: string) => ({ 'tls.passphrase': line, 'tls.passphraseSet': line !== '' }),
    },
  ],
});

/** A passphrase is set. With an empty `passphrase` in an update: the one that is set stays. */
export const passphraseSet = endpointOption({
  path: 'tls.passphraseSet',
  label: 'Passphrase is set',
  schema: flag,
  default: false,
  transports: overTls,
  roles: bothRoles,
});
