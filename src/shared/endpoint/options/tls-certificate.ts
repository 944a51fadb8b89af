import { bothRoles, endpointOption, overTls } from './option.ts';
import { filePath, flag, type ValueSchema } from './value-schema.ts';

const group = 'TLS';

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
