import { clients, endpointOption, overTls } from './option.ts';
import { flag, list, text } from './value-schema.ts';

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
