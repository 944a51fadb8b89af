import { bothRoles, endpointOption, overTls, servers } from './option.ts';
import { choice, filePath } from './value-schema.ts';

const group = 'TLS';

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
