import type { EncodedFraming } from '../program.ts';

/** Returns the function that sends a message of a framing that encodes messages. */
export function cSendEncoded(framing: EncodedFraming): string {
  return framing.kind === 'cobs' ? sendCobs : sendEscaped(hasStart(framing));
}

const hasStart = (framing: EncodedFraming) => framing.kind === 'escaped' && framing.start !== framing.end;

const sendEscaped = (starts: boolean) => `
/* Sends a message with escapes, between the bytes that begin and end it. Returns -1 after an error. */
static int send_message(int sock, const char *message, size_t size) {
    char *framed = malloc(2 * size + 2);
    if (framed == NULL)
        return -1;
    size_t used = 0;
    framed[used++] = (char)${starts ? 'START' : 'END'};
    for (size_t at = 0; at < size; at += 1) {
        const char *special = memchr(SPECIAL, message[at], sizeof SPECIAL - 1);
        if (special != NULL)
            framed[used++] = (char)ESCAPE;
        framed[used++] = special == NULL ? message[at] : CODES[special - SPECIAL];
    }
    framed[used++] = (char)END;
    int result = send_all(sock, framed, used);
    free(framed);
    return result;
}
`;

const sendCobs = `
/* Sends a message without zero bytes, and the zero byte that ends it. Each block of it begins with its length.
   Returns -1 after an error. */
static int send_message(int sock, const char *message, size_t size) {
    char *framed = malloc(size + size / 254 + 2);
    if (framed == NULL)
        return -1;
    size_t block = 0; /* where the block begins */
    size_t used = 1;
    for (size_t at = 0; at < size; at += 1) {
        if (message[at] != 0)
            framed[used++] = message[at];
        /* A block ends at a zero byte, or after 254 other bytes. */
        if (message[at] == 0 || (used - block == 255 && at + 1 < size)) {
            framed[block] = (char)(used - block);
            block = used++;
        }
    }
    framed[block] = (char)(used - block);
    framed[used++] = END;
    int result = send_all(sock, framed, used);
    free(framed);
    return result;
}
`;

/** Returns the function that decodes a message in place. */
export function cDecode({ kind }: EncodedFraming): string {
  return kind === 'cobs' ? decodeCobs : decodeEscaped;
}

const decodeEscaped = `
/* Removes the escapes of a message; returns the message. */
static char *decode(char *message, size_t *size) {
    size_t length = 0;
    for (size_t at = 0; at < *size; at += 1) {
        char byte = message[at];
        if ((unsigned char)byte == ESCAPE) {
            at += 1;
            const char *code = at < *size ? memchr(CODES, message[at], sizeof CODES - 1) : NULL;
            if (code == NULL) {
                errno = EBADMSG;
                fail("message");
            }
            byte = SPECIAL[code - CODES];
        }
        message[length++] = byte;
    }
    *size = length;
    return message;
}
`;

const decodeCobs = `
/* Replaces a frame by its message: a zero byte separates two blocks, unless the first has 254 other bytes.
   Returns the message. */
static char *decode(char *message, size_t *size) {
    size_t length = 0;
    for (size_t at = 0; at < *size;) {
        size_t block = (unsigned char)message[at];
        if (at + block > *size) {
            errno = EBADMSG;
            fail("message");
        }
        memmove(message + length, message + at + 1, block - 1);
        length += block - 1;
        at += block;
        if (block < 255 && at < *size)
            message[length++] = 0;
    }
    *size = length;
    return message;
}
`;

/** Returns the lines that look for a whole message in `buffer`, from `at` on. */
export function cFindEncoded(framing: EncodedFraming): string {
  const found = hasStart(framing)
    ? `if (buffer->used > 0 && (unsigned char)buffer->data[0] != START) {
    errno = EBADMSG;
    fail("message");
}
for (; at < buffer->used; at += 1) {
    if ((unsigned char)buffer->data[at] == END)
        return decode(take(buffer, 1, at - 1, at + 1, size), size);
    if ((unsigned char)buffer->data[at] == ESCAPE)
        at += 1; /* the next byte is part of the message */
}`
    : `for (; at < buffer->used; at += 1) {
    if ((unsigned char)buffer->data[at] != END)
        continue;
    if (at > start)
        return decode(take(buffer, start, at - start, at + 1, size), size);
    start += 1; /* an empty frame is not a message */
}`;
  return `${found}
if (buffer->used > MAX_MESSAGE) {
    errno = EMSGSIZE;
    fail("message");
}`;
}

/** Returns the declarations before the lines of `cFindEncoded`. */
export function cFindStart(framing: EncodedFraming): string {
  return hasStart(framing) ? 'size_t at = 1;' : 'size_t at = 0, start = 0;';
}
