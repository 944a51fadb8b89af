import {
  headerProblem,
  headerValueProblem,
  maxHeaders,
  withoutHeaderMark,
  withoutTargetMarks,
} from '../upgrade-request.ts';
import { bothRoles, clients, endpointOption, overWebSocket } from './option.ts';
import { choice, list, text } from './value-schema.ts';

const group = 'WebSocket';

/** The path and query of the handshake's request. */
export const wsPath = endpointOption({
  path: 'ws.path',
  label: 'Request path',
  schema: text(65_536, (path) => {
    if (!path.startsWith('/')) return 'Request path must begin with /';
    return withoutTargetMarks(path).length > 2_048 ? 'Request path must have at most 2048 characters' : undefined;
  }),
  default: '/',
  transports: overWebSocket,
  roles: bothRoles,
  row: { group, help: 'Path and query of the handshake request: GET /chat HTTP/1.1.', aliases: 'url query' },
});

export const subprotocols = endpointOption({
  path: 'ws.protocols',
  label: 'Subprotocols',
  schema: list({
    max: 16,
    separator: 'words',
    problem: (name) =>
      name.length <= 128 && /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(name)
        ? undefined
        : 'A subprotocol is one word of at most 128 characters',
  }),
  default: [],
  transports: overWebSocket,
  roles: bothRoles,
  row: {
    group,
    help: 'Application protocols in order of preference, such as mqtt, wamp.2.json.',
    placeholder: 'none',
    aliases: 'Sec-WebSocket-Protocol',
  },
  flags: [
    {
      spelling: '--subprotocol <names>',
      group: 'WebSocket:',
      help: 'subprotocols in order of preference, such as mqtt,stomp',
    },
  ],
});

/** Headers that are added to the request, `Name: value` each. */
export const headers = endpointOption({
  path: 'ws.headers',
  label: 'Request headers',
  schema: list({
    max: maxHeaders,
    separator: 'lines',
    problem: (line) => headerProblem(withoutHeaderMark(line)),
  }),
  default: [],
  transports: overWebSocket,
  roles: clients,
  row: {
    group,
    help: 'Headers to add to the handshake request, one per line: Authorization: Bearer abc. Secret values are not shown again.',
    aliases: 'header cookie authorization user-agent',
  },
  flags: [
    {
      spelling: '--header <header>',
      group: 'WebSocket:',
      help: 'add this header to the handshake request: “Name: value”; can be repeated',
    },
  ],
});

export const origin = endpointOption({
  path: 'ws.origin',
  label: 'Origin',
  schema: text(2_048, (value) =>
    headerValueProblem(value) === undefined
      ? undefined
      : 'The origin must be like https://example.org, without control characters',
  ),
  default: '',
  transports: overWebSocket,
  roles: clients,
  row: {
    group,
    help: 'Origin header: the page from which a browser would connect. Some servers check it.',
    placeholder: 'none',
    aliases: 'Origin header',
  },
  flags: [
    {
      spelling: '--origin <origin>',
      group: 'WebSocket:',
      help: 'Origin header of the handshake request, such as https://example.org',
    },
  ],
});

/** How messages are sent; `auto`: as text where they are UTF-8. */
export const sendAs = endpointOption({
  path: 'ws.send',
  label: 'Message type',
  schema: choice([
    { value: 'auto', label: 'Automatic' },
    { value: 'text', label: 'Text' },
    { value: 'binary', label: 'Binary' },
  ]),
  default: 'auto',
  transports: overWebSocket,
  roles: bothRoles,
  row: {
    group,
    help: 'A WebSocket message is text (a str) or binary (bytes). Automatic: text if the payload is UTF-8.',
    aliases: 'opcode send as',
  },
  flags: [
    {
      spelling: '--text',
      group: 'WebSocket:',
      help: 'send text messages (default: if the payload is UTF-8)',
      conflicts: ['binary'],
      sets: () => ({ 'ws.send': 'text' }),
    },
    {
      spelling: '--binary',
      group: 'WebSocket:',
      help: 'send binary messages (default: if the payload is not UTF-8)',
      conflicts: ['text'],
      sets: () => ({ 'ws.send': 'binary' }),
    },
  ],
});
