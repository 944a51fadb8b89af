/** What a call is used on, for its line in a language. */
interface CallUse {
  /** The arguments as the record has them: an address, a number of bytes, a size. */
  readonly args: string;
  /** The variable of the socket, such as `server_socket`. */
  readonly socket: string;
}

/** What a call returns, which decides how its result is read. */
type Returns = 'socket' | 'sent' | 'received' | 'value' | 'ready' | 'nothing';

/** One call of the Berkeley interface. */
export interface CallEntry {
  /** The section of its manual page. */
  readonly man: string;
  /** What it does, as a sentence. */
  readonly does: string;
  /** What it waits for on a blocking socket, as the end of “waits for …”; left out where it does not wait. */
  readonly waitsFor?: string;
  readonly returns: Returns;
  readonly python: (use: CallUse) => string;
  readonly c: (use: CallUse) => string;
  readonly node: (use: CallUse) => string;
}

/** Returns the address in a record as arguments: host and port; the text itself where it is a path. */
export function place(args: string): { readonly host: string; readonly port: string } | undefined {
  const found = /^(?:\[([^\]]*)\]|([^:,]*)):(\d+)/.exec(args);
  return found ? { host: found[1] ?? found[2] ?? '', port: found[3] ?? '' } : undefined;
}

/** Returns the address in a record as Python writes it. */
export function pythonPlace(args: string): string {
  const at = place(args);
  return at ? `(${JSON.stringify(at.host)}, ${at.port})` : args === '' ? 'address' : JSON.stringify(args);
}

/** Returns the address in a record as the port and host that Node.js takes. */
export function nodePlace(args: string): string {
  const at = place(args);
  return at ? `${at.port}, ${JSON.stringify(at.host)}` : args === '' ? 'port, host' : JSON.stringify(args);
}

/** Returns a comment with what the line itself does not show. */
export function inC(text: string): string {
  return text === '' ? '' : `  /* ${text.replaceAll('*/', '* /')} */`;
}

/** Returns the first number among the arguments: the size of a buffer. */
export const firstNumber = (args: string) => /\d+/.exec(args)?.[0] ?? '65536';
/** Returns true for the arguments of a UDP socket. */
export const isDatagram = (args: string) => args.includes('SOCK_DGRAM');
/** Returns the first two arguments of socket(), without the protocol, which the family and the type decide. */
export const familyAndType = (args: string) => given(args, 'AF_INET, SOCK_STREAM').split(', ').slice(0, 2).join(', ');
/** Returns the arguments, or `otherwise` where the record has none. */
export const given = (args: string, otherwise: string) => (args === '' ? otherwise : args);

/** What the calls that send have in common. */
export const send: CallEntry = {
  man: 'send(2)',
  does: 'Passes bytes to the kernel, which decides when and in which segments to send them. It may accept only some of them.',
  waitsFor: 'room in the send buffer',
  returns: 'sent',
  python: ({ socket }) => `sent = ${socket}.send(data)`,
  c: ({ args }) => `ssize_t sent = send(fd, data, length, 0);${inC(args)}`,
  node: ({ socket }) => `${socket}.write(data)`,
};

/** What the calls that receive from a stream have in common. */
export const recv: CallEntry = {
  man: 'recv(2)',
  does: 'Returns the bytes received so far, up to the given number. A stream has no message boundaries: it may be part of one send or the bytes of several.',
  waitsFor: 'bytes or the FIN of the peer',
  returns: 'received',
  python: ({ args, socket }) => `data = ${socket}.recv(${firstNumber(args)})`,
  c: ({ args }) => `ssize_t count = recv(fd, buffer, ${firstNumber(args)}, 0);`,
  node: ({ socket }) => `${socket}.on('data', (data) => { … })`,
};

/** What the calls that receive datagrams have in common. */
export const recvfrom: CallEntry = {
  man: 'recvfrom(2)',
  does: 'Returns exactly one datagram and the address of its sender.',
  waitsFor: 'a datagram',
  returns: 'received',
  python: ({ args, socket }) => `data, address = ${socket}.recvfrom(${firstNumber(args)})`,
  c: ({ args }) => `ssize_t count = recvfrom(fd, buffer, ${firstNumber(args)}, 0, &address, &size);`,
  node: ({ socket }) => `${socket}.on('message', (data, sender) => { … })`,
};

/** connect(), which Python has in two forms. */
export const connect: CallEntry = {
  man: 'connect(2)',
  does: 'Opens a connection: over TCP it sends a SYN and completes the three-way handshake. Over UDP it only sets the peer.',
  waitsFor: 'the answer of the peer',
  returns: 'nothing',
  python: ({ args, socket }) => `${socket}.connect(${pythonPlace(args)})`,
  c: ({ args }) => `connect(fd, &address, sizeof address);${inC(args)}`,
  node: ({ args }) => `net.connect(${nodePlace(args)})`,
};

/** What the calls that wait for several sockets have in common. */
export const wait: CallEntry = {
  man: 'select(2)',
  does: 'Waits until one of several sockets is ready to be read or written, so that one thread can serve all of them.',
  waitsFor: 'a socket that is ready',
  returns: 'ready',
  python: ({ args }) => `ready, _, _ = select.select(sockets, [], [])${args === '' ? '' : `  # ${args}`}`,
  c: ({ args }) => `int ready = select(highest + 1, &readable, &writable, NULL, &timeout);${inC(args)}`,
  node: () => '// The event loop of Node.js makes this call.',
};

/** Returns the entry of a call that reads or sets an option. */
export const optionCall = (name: string, does: string): CallEntry => ({
  man: `${name}(2)`,
  does,
  returns: name === 'setsockopt' ? 'nothing' : 'value',
  python: ({ args, socket }) => `${socket}.${name}(${args})`,
  c: ({ args }) =>
    `${name}(fd, level, option, &value, ${name === 'setsockopt' ? 'sizeof value' : '&size'});${inC(args)}`,
  node: ({ args }) => `// Node.js sets options with methods such as setNoDelay(): ${args}`,
});

/** Returns the entry of a call that returns the address of `side`. */
export const addressCall = (call: string, side: string, node: string): CallEntry => ({
  man: `${call}(2)`,
  does: `Returns the address of ${side}.`,
  returns: 'value',
  python: ({ socket }) => `${socket}.${call}()`,
  c: () => `${call}(fd, &address, &size);`,
  node: ({ socket }) => `${socket}.${node}`,
});

/** Returns the entry of a call that chooses whether the socket blocks. */
export const blockingCall = (call: string): CallEntry => ({
  man: 'fcntl(2)',
  does: 'Chooses whether calls on the socket wait, and for how long. It makes no system call of the network.',
  returns: 'nothing',
  python: ({ args, socket }) => `${socket}.${call}(${args})`,
  c: ({ args }) => `fcntl(fd, F_SETFL, flags | O_NONBLOCK);${inC(args)}`,
  node: () => '// Sockets of Node.js never block.',
});
