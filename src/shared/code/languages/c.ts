import {
  byteString,
  commonEscapes,
  isAscii,
  octal,
  octalBytes,
  readableText,
  type StringStyle,
  stringLiteral,
} from '../literals.ts';
import { framingComment, indent, joinParts, type Language, type Program, replySeconds } from '../program.ts';

// Octal escapes have exactly three digits; hex escapes have no end. `??` could begin a trigraph.
const byteStyle: StringStyle = { quote: '"', escapes: { ...commonEscapes, '?': '\\?' }, spell: octal };
const textStyle: StringStyle = { ...byteStyle, spell: octalBytes };

function literal(bytes: Uint8Array): string {
  const text = isAscii(bytes) ? undefined : readableText(bytes);
  return text === undefined ? byteString(bytes, byteStyle) : stringLiteral(text, textStyle);
}

const stringOf = (text: string) => stringLiteral(text, textStyle);

function bytesConstant(name: string, bytes: Uint8Array): string {
  return `static const char ${name}[] = ${literal(bytes)};\nstatic const size_t ${name}_SIZE = sizeof ${name} - 1;`;
}

function constants({ transport, host, port, path, framing, payload, answer, maxMessage, side }: Program): string {
  const lines =
    transport === 'local'
      ? [`static const char PATH[] = ${stringOf(path)};`]
      : [`static const char HOST[] = ${stringOf(host)};`, `static const char PORT[] = "${port}";`];
  if (framing.kind === 'delimiter') lines.push(bytesConstant('DELIMITER', framing.delimiter));
  if (framing.kind === 'fixed') lines.push(`enum { SIZE = ${framing.size}, PADDING = ${framing.pad} };`);
  if (framing.kind === 'length') {
    lines.push(`enum {
    HEADER = ${framing.header}, /* bytes before the message */
    LENGTH_AT = ${framing.header - framing.size}, /* offset of the length in the header */
    COUNTED = ${framing.counted} /* the length minus the bytes of the message */
};`);
  }
  if (framing.kind === 'delimiter' || framing.kind === 'length')
    lines.push(`static const size_t MAX_MESSAGE = ${maxMessage};`);
  if (side === 'client') lines.push(`enum { REPLY_SECONDS = ${replySeconds} }; /* how long to wait for a reply */`);
  if (side === 'client' && payload !== undefined) lines.push('', bytesConstant('PAYLOAD', payload));
  if (answer.kind === 'reply') lines.push('', bytesConstant('REPLY', answer.bytes));
  return lines.join('\n');
}

const includes = `
#include <errno.h>
#include <netdb.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/un.h>
#include <unistd.h>
`;

const helpers = `
static void fail(const char *call) {
    perror(call);
    exit(1);
}

static void show(const char *data, size_t size) {
    fwrite(data, 1, size, stdout);
    fflush(stdout);
}
`;

const sendAll = `
/* Sends all bytes: send() may send only a part of them and returns their number. Returns -1 after an error. */
static int send_all(int sock, const char *data, size_t size) {
    while (size > 0) {
        ssize_t sent = send(sock, data, size, 0);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return -1;
        data += sent;
        size -= (size_t)sent;
    }
    return 0;
}
`;

function sendMessage({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
/* Sends a message and its delimiter. Returns -1 after an error. */
static int send_message(int sock, const char *message, size_t size) {
    if (send_all(sock, message, size) < 0)
        return -1;
    if (size >= DELIMITER_SIZE && memcmp(message + size - DELIMITER_SIZE, DELIMITER, DELIMITER_SIZE) == 0)
        return 0;
    return send_all(sock, DELIMITER, DELIMITER_SIZE);
}
`;
    case 'fixed':
      return `
/* Sends a message, padded to its size. Returns -1 after an error. */
static int send_message(int sock, const char *message, size_t size) {
    static char padded[SIZE];
    if (size > SIZE) {
        errno = EMSGSIZE;
        return -1;
    }
    memset(padded, PADDING, SIZE);
    memcpy(padded, message, size);
    return send_all(sock, padded, SIZE);
}
`;
    case 'length':
      return `
/* Sends a message after its length. Returns -1 after an error. */
static int send_message(int sock, const char *message, size_t size) {
    char header[HEADER] = {0};
    uint64_t length = (uint64_t)((int64_t)size + COUNTED);
    for (int at = 0; at < HEADER - LENGTH_AT; at += 1) {
        header[${framing.endian === 'be' ? 'HEADER - 1 - at' : 'LENGTH_AT + at'}] = (char)(length & 0xff);
        length >>= 8;
    }
    if (length != 0) {
        errno = EMSGSIZE;
        return -1;
    }
    if (send_all(sock, header, HEADER) < 0)
        return -1;
    return send_all(sock, message, size);
}
`;
  }
}

/** Returns the lines that look for a whole message in `data`; they set `size` and `used`, or leave `used` at 0. */
function findMessage({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `for (; at + DELIMITER_SIZE <= buffer->used; at += 1) {
    if (memcmp(buffer->data + at, DELIMITER, DELIMITER_SIZE) != 0)
        continue;
    return take(buffer, 0, at${framing.keep ? ' + DELIMITER_SIZE' : ''}, at + DELIMITER_SIZE, size);
}
if (buffer->used > MAX_MESSAGE) {
    errno = EMSGSIZE;
    fail("message");
}`;
    case 'fixed':
      return `if (buffer->used >= SIZE)
    return take(buffer, 0, SIZE, SIZE, size);`;
    case 'length':
      return `if (buffer->used >= HEADER) {
    uint64_t length = 0;
    for (int at = 0; at < HEADER - LENGTH_AT; at += 1)
        length = length << 8 | (unsigned char)buffer->data[${framing.endian === 'be' ? 'LENGTH_AT + at' : 'HEADER - 1 - at'}];
    int64_t body = (int64_t)length - COUNTED;
    if (length >> 62 != 0 || body < 0 || (uint64_t)body > MAX_MESSAGE) {
        errno = EMSGSIZE;
        fail("message");
    }
    if (buffer->used >= HEADER + (size_t)body)
        return take(buffer, HEADER, (size_t)body, HEADER + (size_t)body, size);
}`;
  }
}

function receiveMessage(program: Program): string {
  if (program.framing.kind === 'raw') return '';
  return `
/* Received bytes that are not yet processed. */
struct buffer {
    char *data;
    size_t used, capacity;
};

/* Removes \`end\` bytes from the buffer; returns a copy of the message in them, which the caller frees. */
static char *take(struct buffer *buffer, size_t start, size_t length, size_t end, size_t *size) {
    char *message = malloc(length + 1);
    if (message == NULL)
        fail("malloc");
    memcpy(message, buffer->data + start, length);
    memmove(buffer->data, buffer->data + end, buffer->used - end);
    buffer->used -= end;
    *size = length;
    return message;
}

/* Returns the next message, which the caller frees, or NULL when the peer has closed the connection or sends nothing. */
static char *receive_message(int sock, struct buffer *buffer, size_t *size) {
${program.framing.kind === 'delimiter' ? '    size_t at = 0;\n' : ''}    for (;;) {
${indent(findMessage(program), '        ')}
        if (buffer->capacity - buffer->used < 65536) {
            buffer->capacity = buffer->capacity * 2 + 65536;
            buffer->data = realloc(buffer->data, buffer->capacity);
            if (buffer->data == NULL)
                fail("realloc");
        }
        /* recv() may return a part of a message or several messages. */
        ssize_t count = recv(sock, buffer->data + buffer->used, 65536, 0);
        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0 || (count == 0 && buffer->used > 0))
            perror(count < 0 ? "recv" : "the connection ended within a message");
        if (count <= 0)
            return NULL;
        buffer->used += (size_t)count;
    }
}
`;
}

function openSocket({ side, transport }: Program): string {
  const isServer = side === 'server';
  const call = isServer ? 'bind' : 'connect';
  if (transport === 'local') {
    return `
/* Creates a local socket and ${isServer ? 'binds it to' : 'connects it to'} its path. */
static int open_socket(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (sizeof PATH > sizeof address.sun_path) {
        errno = ENAMETOOLONG;
        fail("${call}");
    }
    memcpy(address.sun_path, PATH, sizeof PATH);
    int sock = socket(AF_UNIX, SOCK_STREAM, 0);
    if (sock < 0)
        fail("socket");
${isServer ? '    unlink(PATH); /* left by an earlier run */\n' : ''}    if (${call}(sock, (struct sockaddr *)&address, sizeof address) < 0)
        fail("${call}");
    return sock;
}
`;
  }
  const reuse =
    isServer && transport === 'tcp'
      ? '        int on = 1;\n        setsockopt(sock, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);\n'
      : '';
  return `
/* Creates a socket and ${isServer ? 'binds it to' : 'connects it to'} the address. */
static int open_socket(void) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = ${transport === 'udp' ? 'SOCK_DGRAM' : 'SOCK_STREAM'}}, *found;
    int error = getaddrinfo(HOST, PORT, &hints, &found);
    if (error != 0) {
        fprintf(stderr, "getaddrinfo: %s\\n", gai_strerror(error));
        exit(1);
    }
    for (struct addrinfo *it = found; it != NULL; it = it->ai_next) {
        int sock = socket(it->ai_family, it->ai_socktype, it->ai_protocol);
        if (sock < 0)
            continue;
${reuse}        if (${call}(sock, it->ai_addr, it->ai_addrlen) == 0) {
            freeaddrinfo(found);
            return sock;
        }
        error = errno;
        close(sock);
        errno = error;
    }
    fail("${call}");
    return -1;
}
`;
}

function clientMain({ framing, payload, transport }: Program): string {
  const isRaw = framing.kind === 'raw';
  const send =
    payload === undefined
      ? ''
      : `    if (${isRaw ? 'send_all' : 'send_message'}(sock, PAYLOAD, PAYLOAD_SIZE) < 0)\n        fail("send");\n`;
  const read = isRaw
    ? `    /* ${transport === 'udp' ? 'Print the datagram that the server sends.' : 'Print what the server sends, until it closes the connection or sends nothing for some seconds.'} */
    static char data[65536];
    ssize_t count;
    while ((count = recv(sock, data, sizeof data, 0)) > 0) {
        show(data, (size_t)count);
${transport === 'udp' ? '        break;\n' : ''}    }
    if (count < 0)
        perror("recv");`
    : `    /* Print the reply. */
    struct buffer buffer = {0};
    size_t size;
    char *message = receive_message(sock, &buffer, &size);
    if (message != NULL) {
        show(message, size);
        show("\\n", 1);
        free(message);
    }`;
  return `
int main(void) {
    signal(SIGPIPE, SIG_IGN); /* send() returns EPIPE instead */
    int sock = open_socket();
    struct timeval wait = {.tv_sec = REPLY_SECONDS};
    setsockopt(sock, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
${send}
${read}
    close(sock);
    return 0;
}
`;
}

function serveFunction({ framing, answer }: Program): string {
  const isRaw = framing.kind === 'raw';
  const sent = {
    echo: isRaw ? 'data, (size_t)count' : 'message, size',
    reply: 'REPLY, REPLY_SIZE',
    silent: '',
  }[answer.kind];
  const reply = (by: string) =>
    sent === ''
      ? ''
      : `${by}if (${isRaw ? 'send_all' : 'send_message'}(client, ${sent}) < 0)\n${by}    fail("send");\n`;
  return isRaw
    ? `
/* Receives bytes until the client closes the connection. */
static void serve(int client) {
    static char data[65536];
    ssize_t count;
    while ((count = recv(client, data, sizeof data, 0)) > 0) {
        show(data, (size_t)count);
${reply('        ')}    }
    if (count < 0)
        fail("recv");
}
`
    : `
/* Receives messages until the client closes the connection. */
static void serve(int client) {
    struct buffer buffer = {0};
    size_t size;
    char *message;
    while ((message = receive_message(client, &buffer, &size)) != NULL) {
        show(message, size);
        show("\\n", 1);
${reply('        ')}        free(message);
    }
}
`;
}

const printPort = `    struct sockaddr_storage own;
    socklen_t own_size = sizeof own;
    char port[32] = "";
    getsockname(sock, (struct sockaddr *)&own, &own_size);
    getnameinfo((struct sockaddr *)&own, own_size, NULL, 0, port, sizeof port, NI_NUMERICSERV);`;

function streamServer(program: Program): string {
  const isLocal = program.transport === 'local';
  return `${serveFunction(program)}
int main(void) {
    signal(SIGPIPE, SIG_IGN); /* send() returns EPIPE instead */
    signal(SIGCHLD, SIG_IGN); /* processes that end are not waited for */
    int sock = open_socket();
    if (listen(sock, ${program.backlog}) < 0)
        fail("listen");
${isLocal ? '' : `${printPort}\n`}    fprintf(stderr, "listening on %s\\n", ${isLocal ? 'PATH' : 'port'});
    for (;;) {
        int client = accept(sock, NULL, NULL);
        if (client < 0)
            fail("accept");
        /* Each connection is served by a process. */
        pid_t child = fork();
        if (child < 0)
            fail("fork");
        if (child == 0) {
            close(sock);
            serve(client);
            _exit(0);
        }
        close(client);
    }
}
`;
}

function udpServer({ answer }: Program): string {
  const sent = { echo: 'data, (size_t)count', reply: 'REPLY, REPLY_SIZE', silent: '' }[answer.kind];
  return `
int main(void) {
    int sock = open_socket();
${printPort}
    fprintf(stderr, "bound to %s\\n", port);
    for (;;) {
        static char data[65536];
        struct sockaddr_storage peer;
        socklen_t peer_size = sizeof peer;
        ssize_t count = recvfrom(sock, data, sizeof data, 0, (struct sockaddr *)&peer, &peer_size);
        if (count < 0)
            fail("recvfrom");
        show(data, (size_t)count);
${sent === '' ? '' : `        if (sendto(sock, ${sent}, 0, (struct sockaddr *)&peer, peer_size) < 0)\n            fail("sendto");\n`}    }
}
`;
}

function write(program: Program): string {
  const { side, transport, payload, answer } = program;
  const isUdp = transport === 'udp';
  const sends = side === 'client' ? payload !== undefined : !isUdp && answer.kind !== 'silent';
  return joinParts(
    `/* ${side === 'server' ? 'Server' : 'Client'} side. ${framingComment(program)} Compile with: cc -o program ${side}.c */\n#define _POSIX_C_SOURCE 200809L`,
    includes,
    constants(program),
    helpers,
    sends && sendAll,
    sends && !isUdp && sendMessage(program),
    !isUdp && receiveMessage(program),
    openSocket(program),
    side === 'client' ? clientMain(program) : isUdp ? udpServer(program) : streamServer(program),
  );
}

/** C with the sockets of POSIX. */
export const c: Language = {
  label: 'C',
  extension: 'c',
  transports: ['tcp', 'udp', 'local'],
  missing: 'Select TCP, or use a library for TLS such as OpenSSL.',
  literal,
  write,
};
