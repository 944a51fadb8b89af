/** The UI strings of the start page. */
export const strings = {
  title: 'Wirebench',
  lead: 'A workbench for raw sockets: launch a server or connect to one, send JSON, XML, text or bytes, and watch every socket call and message as it happens.',
  launch: {
    title: 'Local server',
    text: 'Listens on 127.0.0.1, reachable from this machine only, and answers each message with',
    reply: 'Message received!',
    port: 'Port',
    launch: 'Launch local server',
    freePort: (port: number) => `Use port ${port}`,
  },
  connect: {
    title: 'Connect to a server',
    text: 'Open a TCP connection to a program, a device or a service, local or remote, and send messages by hand.',
    connect: 'Connect to a server',
  },
  demo: {
    title: 'Echo demo',
    text: 'Starts an echo server and a client on this machine, sends data.json there and back, and shows every socket call.',
    run: 'Try the echo demo',
  },
  open: {
    title: 'Saved session',
    text: 'Open a recorded session or a capture (pcapng, pcap, JSON Lines).',
    open: 'Open a session',
  },
} as const;
