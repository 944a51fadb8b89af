import { headComment, joinParts, type Language, type Program } from '../program.ts';
import { cConstants, cLiteral, cReceiveMessage, cSendMessage } from './c-framing.ts';

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
        perror(errno == EAGAIN ? "no more data was received in time" : "recv");`
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
    `/* ${side === 'server' ? 'Server' : 'Client'} side. ${headComment(program, '   ')} Compile with: cc -o program ${side}.c */\n#define _POSIX_C_SOURCE 200809L`,
    includes,
    cConstants(program),
    helpers,
    sends && sendAll,
    sends && !isUdp && cSendMessage(program),
    !isUdp && cReceiveMessage(program),
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
  literal: cLiteral,
  write,
};
