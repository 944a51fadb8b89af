import { anyTransport, clients, endpointOption, notReported, notUdp, type SystemFacts } from './option.ts';
import { whole } from './value-schema.ts';

const usual = 10_000;

export const connectTimeout = endpointOption({
  path: 'connectTimeoutMs',
  label: 'Connect timeout (ms)',
  schema: whole(50, 600_000, 'ms'),
  default: usual,
  transports: anyTransport,
  roles: clients,
  row: {
    group: 'Connection and local address',
    help: 'Maximum time for connect() to each address, and for the handshake after it.',
    aliases: 'settimeout timeout',
  },
  flags: [
    {
      spelling: '--connect-timeout <ms>',
      group: 'Sockets:',
      transports: notUdp,
      help: `maximum time to connect to each address, and for the handshake (default: ${usual})`,
    },
  ],
  onSystem: (facts) => ({ value: `${usual} ms; system timeout: ${systemTimeout(facts)}` }),
});

/** RFC 6298's second, doubled with each retry; Linux starts with some of a second each (tcp_syn_linear_timeouts). */
function systemTimeout({ synRetries, synLinear = 0 }: SystemFacts): string {
  if (synRetries === undefined) return notReported;
  const seconds = synLinear + 2 ** (synRetries + 1) - 1;
  return `about ${seconds} s, ${synRetries + synLinear} SYN retransmissions (tcp_syn_retries = ${synRetries})`;
}
