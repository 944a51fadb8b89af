import { tlsVersions } from '#shared/endpoint/endpoint-config.ts';
import { usesTls } from '#shared/socket/transports.ts';
import type { EndpointForm } from '../form-fields.ts';
import type { FormOption } from './option.ts';

const overTls = ({ transport }: EndpointForm) => usesTls(transport);
const ofServer = (form: EndpointForm) => overTls(form) && form.role === 'server';
const ofClient = (form: EndpointForm) => overTls(form) && form.role === 'client';
const versions = tlsVersions.map((version) => ({ value: version, label: version.replace('TLSv', 'TLS ') }));

const group = 'TLS';

/** What TLS agrees on, and whom it believes: the words are those of Python's `ssl`. */
export const tlsOptions: readonly FormOption[] = [
  {
    field: 'tls.verify',
    group,
    label: 'Check the server’s certificate',
    help: 'That it is for this name, in date, and signed by whom we believe. Off, anyone may pretend to be the server.',
    kind: 'check',
    applies: ofClient,
    words: 'verify CERT_REQUIRED check_hostname rejectUnauthorized',
  },
  {
    field: 'tls.serverName',
    group,
    label: 'Server name',
    help: 'The name that is asked for and checked, server_hostname in wrap_socket(). Empty: the host.',
    kind: 'text',
    placeholder: 'the host',
    applies: ofClient,
    words: 'SNI server_hostname servername',
  },
  {
    field: 'tls.certificate',
    group,
    label: 'Certificate',
    help: 'Our own, a PEM file with its chain, as in load_cert_chain(). Empty: a server makes one for localhost, a client has none.',
    kind: 'file',
    placeholder: 'none',
    applies: overTls,
    words: 'certfile load_cert_chain client certificate',
  },
  {
    field: 'tls.key',
    group,
    label: 'Private key',
    help: 'The PEM file with the key of our certificate.',
    kind: 'file',
    placeholder: 'none',
    applies: overTls,
    words: 'keyfile private key',
  },
  {
    field: 'tls.passphrase',
    group,
    label: 'Passphrase of the key',
    help: 'Decrypts the private key. Never shown again and not remembered by this page.',
    kind: 'secret',
    setField: 'tls.passphraseSet',
    applies: (form) => overTls(form) && form['tls.key'] !== '',
    words: 'password',
  },
  {
    field: 'tls.ca',
    group,
    label: 'Authorities (CA file)',
    help: 'CA certificates (PEM), as in load_verify_locations(). Empty: those of the system and those that come with Node.',
    kind: 'file',
    placeholder: 'the system’s and Node’s',
    applies: overTls,
    words: 'CA cafile load_verify_locations root certificates',
  },
  {
    field: 'tls.trusted',
    group,
    label: 'Trusted certificates',
    help: 'SHA-256 fingerprints that are believed whatever is wrong with them. Only for this endpoint.',
    kind: 'text',
    placeholder: 'none',
    applies: ofClient,
    words: 'fingerprint pin trust self-signed',
  },
  {
    field: 'tls.clientCertificate',
    group,
    label: 'Client certificates',
    help: 'Whether accept() asks clients who they are.',
    kind: 'choice',
    choices: [
      { value: 'none', label: 'not asked for' },
      { value: 'request', label: 'asked for' },
      { value: 'require', label: 'required' },
    ],
    applies: ofServer,
    words: 'mutual mTLS requestCert CERT_OPTIONAL',
  },
  {
    field: 'tls.alpn',
    group,
    label: 'Protocols offered (ALPN)',
    help: 'What is spoken inside, the preferred one first: h2, http/1.1, mqtt.',
    kind: 'text',
    placeholder: 'none',
    applies: overTls,
    words: 'ALPN set_alpn_protocols',
  },
  {
    field: 'tls.minVersion',
    group,
    label: 'Lowest version',
    help: 'An older TLS than this is refused in the handshake.',
    kind: 'choice',
    choices: versions,
    applies: overTls,
    words: 'minimum_version TLSv1.2 TLSv1.3',
  },
  {
    field: 'tls.maxVersion',
    group,
    label: 'Highest version',
    help: 'A newer TLS than this is not offered.',
    kind: 'choice',
    choices: versions,
    applies: overTls,
    words: 'maximum_version TLSv1.2 TLSv1.3',
  },
];
