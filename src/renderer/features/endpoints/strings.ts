import { byteCount } from '#shared/bytes/units.ts';
import { countOf } from '../../ui/text.ts';

/** The UI strings of the address bar, the endpoint's state and its options. */
export const strings = {
  addressBar: {
    label: 'Address',
    server: 'Server',
    client: 'Client',
    options: 'Options',
    optionsWithErrors: (count: number) => `Options, ${count} to correct`,
    toCorrect: (count: number) => `${count} to correct`,
    launch: 'Launch',
    stop: 'Stop',
    connect: 'Connect',
    disconnect: 'Disconnect',
    stopReconnecting: 'Stop reconnecting',
    transport: 'Transport',
    host: 'Host',
    hostPlaceholder: 'host',
    port: 'Port',
    portPlaceholder: 'port',
    path: 'Path',
    webSocketPath: 'WebSocket path',
  },
  transports: {
    tcp: 'TCP',
    tls: 'TLS',
    udp: 'UDP',
    local: 'Local socket',
    ws: 'WebSocket',
    wss: 'WebSocket over TLS',
  },
  framing: {
    label: 'Framing',
    search: 'Search framings',
    common: 'Common framings',
    more: 'More framings',
    datagrams: 'one message per datagram',
    messages: 'message-oriented',
  },
  summary: {
    unverified: 'certificate not verified',
    group: (address: string) => `group ${address}`,
    reconnects: 'reconnects',
  },
  state: {
    notLaunched: 'not launched yet',
    notConnected: 'not connected yet',
    lastKnown: '(last known)',
    listening: (address: string, peers: number) => `on ${address}, ${countOf(peers, 'peer')}`,
    bound: (address: string, peers: number) =>
      `to ${address}, ${peers === 0 ? 'no peers yet' : countOf(peers, 'peer')}`,
    target: (address: string) => `to ${address}`,
    from: (address: string) => ` from ${address}`,
    finSent: 'FIN sent; still receiving',
    finReceived: 'FIN received from the peer; sending is still possible',
    reconnecting: (target: string) => `to reconnect to ${target}`,
    reconnectingIn: (target: string, seconds: number, attempt: number) =>
      `to reconnect to ${target} in ${seconds} s, attempt ${attempt}`,
    exposed: 'Reachable from other machines',
    readingStopped: 'recv() stopped: data queues in the kernel, then at the peer',
    framingStopped: 'framing stopped: bytes are recorded as received',
    unsent: (bytes: number) => `${byteCount(bytes)} unsent`,
    overflow: (dropped: number) =>
      `accept queue overflow: ${countOf(dropped, 'connection attempt')} dropped; connect() retries after 1 s or more`,
    backlog: (slots: number) =>
      `Not accepting. About ${countOf(slots, 'connection')} can wait in the backlog; further connect() calls will time out.`,
    backlogInUse: (slots: number, waiting: number) =>
      `Not accepting. ${waiting} of about ${countOf(slots, 'backlog slot')} ${waiting === 1 ? 'is' : 'are'} in use; ${
        waiting < slots ? 'when all are in use, ' : ''
      }further connect() calls will time out.`,
  },
  actions: {
    stopAccepting: 'Stop accepting',
    stopAcceptingHelp: 'Stops calling accept(). New connections wait in the backlog.',
    resumeAccepting: 'Resume accepting',
    resumeAcceptingHelp: 'Calls accept() again. Accepts the connections that wait in the backlog.',
    connectNow: 'Connect now',
  },
  incomplete: {
    morePeers: (count: number) => `, and ${countOf(count, 'more peer')}`,
    showBytes: 'Show received bytes',
    showBytesHelp: 'Shows the received bytes of the incomplete message, as text and in hex',
    changeFraming: 'Change framing…',
    changeFramingHelp: 'Re-frames this connection',
  },
  addPeer: {
    open: 'Add a peer…',
    title: 'Add a peer',
    help: 'UDP has no connect() handshake: add a peer to send to it before it has sent anything',
    host: 'Host of the peer',
    port: 'Port of the peer',
    portError: 'Port must be 1–65535',
    note: 'sendto() needs no connection: the datagram is sent whether or not anyone is listening.',
    add: 'Add peer',
  },
  failure: {
    freePort: (port: number) => `Use port ${port}`,
    subject: 'Subject',
    issuer: 'Issuer',
    fingerprint: 'SHA-256',
    trust: 'Trust this certificate',
    trustNote:
      'Applies to this endpoint only: adds the fingerprint to its options. Verify it with the server’s owner first.',
  },
  security: {
    title: 'TLS parameters',
    help: 'Shows the negotiated TLS parameters and the peer’s certificates',
    loading: 'Loading the handshake record…',
    missing: 'The handshake record is no longer in the session.',
  },
  closeServer: {
    title: 'This server is listening',
    text: (name: string, address: string, peers: number) =>
      `${name} is listening on ${address} with ${countOf(peers, 'peer')}. Stopping it closes their connections. If you keep it running, it stays in the side bar.`,
    cancel: 'Cancel',
    keep: 'Keep running',
    stop: 'Stop server and close tab',
  },
  options: {
    search: 'Search options',
    generateCode: 'Generate code…',
    searchPlaceholder: 'Search: backlog, SO_KEEPALIVE, timeout …',
    lockedServer:
      'Locked options are set when the socket is created: stop the server to change them. Other changes apply to the next message.',
    lockedClient:
      'Locked options are set when the socket is created: disconnect to change them. Other changes apply to the next message.',
    default: (value: string) => `Default: ${value}`,
    unavailable: (reason: string) => `Not available: ${reason}`,
    notApplicable: (option: string, role: string) =>
      `${option} does not apply to this ${role} with its current settings.`,
    inGroup: (option: string, group: string) => `“${option}” (${group})`,
    noMatch: (search: string) => `No option matches “${search}”.`,
    notConfigurable: 'Not configurable',
    selectFile: 'Select…',
    selectFileOf: (option: string) => `Select ${option}`,
    clear: 'Clear',
    clearOf: (option: string) => `Clear ${option}`,
    ownFile: 'Custom file',
    secretSet: 'set: type to replace it',
    secretNotSet: 'not set',
  },
} as const;
