import { anyTransport, clients, endpointOption, notReported, notUdp, type SystemFacts } from './option.ts';
import { choice, day, flag, whole } from './value-schema.ts';

const usualTimeoutMs = 10_000;

export const connectTimeout = endpointOption({
  path: 'connectTimeoutMs',
  label: 'Connect timeout (ms)',
  schema: whole(50, 600_000, 'ms'),
  default: usualTimeoutMs,
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
      help: `maximum time to connect to each address, and for the handshake (default: ${usualTimeoutMs})`,
    },
  ],
  onSystem: (facts) => ({ value: `${usualTimeoutMs} ms; system timeout: ${systemTimeout(facts)}` }),
});

/** RFC 6298's second, doubled with each retry; Linux starts with some of a second each (tcp_syn_linear_timeouts). */
function systemTimeout({ synRetries, synLinear = 0 }: SystemFacts): string {
  if (synRetries === undefined) return notReported;
  const seconds = synLinear + 2 ** (synRetries + 1) - 1;
  return `about ${seconds} s, ${synRetries + synLinear} SYN retransmissions (tcp_syn_retries = ${synRetries})`;
}

const group = 'Reconnect';

/** What a client does when its connection ends or fails, unless a person closed it. */
export const reconnectKind = endpointOption({
  path: 'reconnect.kind',
  label: 'When the connection is lost',
  schema: choice([
    { value: 'off', label: 'Stay disconnected' },
    { value: 'fixed', label: 'Reconnect after a fixed delay' },
    { value: 'exponential', label: 'Reconnect with exponential back-off' },
  ]),
  default: 'off',
  transports: anyTransport,
  roles: clients,
  changeable: true,
  row: {
    group,
    help: 'Whether to reconnect, after a fixed or an increasing delay.',
    aliases: 'retry backoff exponential fixed reconnect',
  },
});

export const reconnectDelay = endpointOption({
  path: 'reconnect.delayMs',
  label: 'Delay (ms)',
  schema: whole(10, day, 'ms'),
  default: 1_000,
  transports: anyTransport,
  roles: clients,
  changeable: true,
  row: {
    group,
    help: 'Delay before reconnecting (initial delay for back-off).',
    when: { path: 'reconnect.kind', not: ['off'] },
  },
  flags: [
    {
      spelling: '--reconnect [ms]',
      group: 'Sockets:',
      transports: notUdp,
      help: 'reconnect when the connection ends, after this delay (default: exponential back-off)',
      needs: 'keepOpen',
      sets: (delay: true | number) =>
        delay === true
          ? { 'reconnect.kind': 'exponential' }
          : { 'reconnect.kind': 'fixed', 'reconnect.delayMs': delay },
    },
  ],
});

export const reconnectMaxDelay = endpointOption({
  path: 'reconnect.maxDelayMs',
  label: 'Maximum delay (ms)',
  schema: whole(10, day, 'ms'),
  default: 30_000,
  transports: anyTransport,
  roles: clients,
  changeable: true,
  row: { group, help: 'Upper limit of the back-off.', when: { path: 'reconnect.kind', is: ['exponential'] } },
});

export const reconnectJitter = endpointOption({
  path: 'reconnect.jitter',
  label: 'Randomise delay (jitter)',
  schema: flag,
  default: true,
  transports: anyTransport,
  roles: clients,
  changeable: true,
  row: {
    group,
    help: 'Waits a random time from half the delay to the full delay, so that many clients do not reconnect at the same moment.',
    when: { path: 'reconnect.kind', is: ['exponential'] },
    aliases: 'jitter random',
  },
});

export const reconnectAttempts = endpointOption({
  path: 'reconnect.maxAttempts',
  label: 'Maximum attempts',
  schema: whole(0, 1_000_000),
  default: 0,
  transports: anyTransport,
  roles: clients,
  changeable: true,
  row: {
    group,
    help: 'Maximum consecutive attempts; 0 retries forever.',
    when: { path: 'reconnect.kind', not: ['off'] },
    aliases: 'attempts maxAttempts',
  },
});
