import { encodeUtf8 } from '../../bytes/text.ts';
import { bothRoles, endpointOption, overTls } from './option.ts';
import { list } from './value-schema.ts';

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
