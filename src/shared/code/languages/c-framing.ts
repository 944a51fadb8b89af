import {
  byteString,
  commonEscapes,
  hexDigits,
  isAscii,
  octal,
  octalBytes,
  readableText,
  type StringStyle,
  stringLiteral,
} from '../literals.ts';
import { indent, type Program, replySeconds } from '../program.ts';
import { cDecode, cFindEncoded, cFindStart, cSendEncoded } from './c-encoding.ts';

// Octal escapes have exactly three digits; hex escapes have no end. `??` could begin a trigraph.
const byteStyle: StringStyle = { quote: '"', escapes: { ...commonEscapes, '?': '\\?' }, spell: octal };
const textStyle: StringStyle = { ...byteStyle, spell: octalBytes };

/** Returns an expression whose value is exactly these bytes. */
export function cLiteral(bytes: Uint8Array): string {
  const text = isAscii(bytes) ? undefined : readableText(bytes);
  return text === undefined ? byteString(bytes, byteStyle) : stringLiteral(text, textStyle);
}

const cString = (text: string) => stringLiteral(text, textStyle);

function bytesConstant(name: string, bytes: Uint8Array): string {
  return `static const char ${name}[] = ${cLiteral(bytes)};\nstatic const size_t ${name}_SIZE = sizeof ${name} - 1;`;
}

const byte = (value: number) => `0x${hexDigits(value, 2)}`;

/** Returns the constants of a program: its address, its limits, its framing and what it sends. */
export function cConstants({
  transport,
  host,
  port,
  path,
  framing,
  payload,
  answer,
  maxMessage,
  side,
}: Program): string {
  const lines =
    transport === 'local'
      ? [`static const char PATH[] = ${cString(path)};`]
      : [`static const char HOST[] = ${cString(host)};`, `static const char PORT[] = "${port}";`];
  if (framing.kind === 'delimiter') lines.push(bytesConstant('DELIMITER', framing.delimiter));
  if (framing.kind === 'fixed') lines.push(`enum { SIZE = ${framing.size}, PADDING = ${framing.pad} };`);
  if (framing.kind === 'length') {
    lines.push(`enum {
    HEADER = ${framing.header}, /* bytes before the message */
    LENGTH_AT = ${framing.header - framing.size}, /* offset of the length in the header */
    COUNTED = ${framing.counted} /* the length minus the bytes of the message */
};`);
  }
  if (framing.kind === 'escaped') {
    const { start, end, escapeByte, special, codes } = framing;
    lines.push(
      `enum { ${start === end ? '' : `START = ${byte(start)}, `}END = ${byte(end)}, ESCAPE = ${byte(escapeByte)} };`,
    );
    lines.push(`static const char SPECIAL[] = ${cLiteral(special)}; /* bytes that do not appear inside a message */`);
    lines.push(
      `static const char CODES[] = ${cLiteral(codes)}; /* what follows the escape byte in place of each of them */`,
    );
  }
  if (framing.kind === 'cobs') lines.push('enum { END = 0 };');
  if (framing.kind !== 'raw' && framing.kind !== 'fixed')
    lines.push(`static const size_t MAX_MESSAGE = ${maxMessage};`);
  if (side === 'client') lines.push(`enum { REPLY_SECONDS = ${replySeconds} }; /* how long to wait for a reply */`);
  if (side === 'client' && payload !== undefined) lines.push('', bytesConstant('PAYLOAD', payload));
  if (answer.kind === 'reply') lines.push('', bytesConstant('REPLY', answer.bytes));
  return lines.join('\n');
}

/** Returns the function that sends a message with its framing. */
export function cSendMessage({ framing }: Program): string {
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
    case 'netstring':
      return `
/* Sends a message as a netstring: its length, a colon, the message, a comma. Returns -1 after an error. */
static int send_message(int sock, const char *message, size_t size) {
    char length[32];
    int digits = snprintf(length, sizeof length, "%zu:", size);
    if (send_all(sock, length, (size_t)digits) < 0 || send_all(sock, message, size) < 0)
        return -1;
    return send_all(sock, ",", 1);
}
`;
    case 'escaped':
    case 'cobs':
      return cSendEncoded(framing);
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
    case 'netstring':
      return `size_t digits = 0;
uint64_t length = 0;
while (digits < buffer->used && digits < 11 && buffer->data[digits] >= '0' && buffer->data[digits] <= '9') {
    length = length * 10 + (uint64_t)(buffer->data[digits] - '0');
    digits += 1;
}
int has_colon = digits < buffer->used && digits > 0 && buffer->data[digits] == ':';
if ((digits < buffer->used && !has_colon) || length > MAX_MESSAGE) {
    errno = EBADMSG;
    fail("message");
}
size_t end = digits + 1 + (size_t)length;
if (has_colon && buffer->used > end) {
    if (buffer->data[end] != ',') {
        errno = EBADMSG;
        fail("message");
    }
    return take(buffer, digits + 1, (size_t)length, end + 1, size);
}`;
    case 'escaped':
    case 'cobs':
      return cFindEncoded(framing);
  }
}

/** Returns the function that reads the next message, with what it needs. */
export function cReceiveMessage(program: Program): string {
  const { framing } = program;
  if (framing.kind === 'raw') return '';
  const isEncoded = framing.kind === 'escaped' || framing.kind === 'cobs';
  const declarations =
    framing.kind === 'delimiter' ? '    size_t at = 0;\n' : isEncoded ? `    ${cFindStart(framing)}\n` : '';
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
${isEncoded ? cDecode(framing) : ''}
/* Returns the next message, which the caller frees, or NULL when the peer has closed the connection or sends nothing. */
static char *receive_message(int sock, struct buffer *buffer, size_t *size) {
${declarations}    for (;;) {
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
        if (count < 0)
            perror(errno == EAGAIN ? "no more data was received in time" : "recv");
        if (count == 0 && buffer->used > 0)
            fprintf(stderr, "the connection ended within a message\\n");
        if (count <= 0)
            return NULL;
        buffer->used += (size_t)count;
    }
}
`;
}
