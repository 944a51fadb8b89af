import type { EncodedFraming } from '../program.ts';

/** Returns the methods of a framing that encodes messages, so that they do not contain the byte that ends them. */
export function javaEncoding(framing: EncodedFraming): string {
  const hasStart = framing.kind === 'escaped' && framing.start !== framing.end;
  return `${framing.kind === 'cobs' ? cobs : escapes(hasStart)}
/** Returns the next message, or null when the peer has closed the connection. */
static byte[] readMessage(InputStream input) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
${hasStart ? '    boolean escaped = false; // the next byte is part of the message\n' : ''}    for (int next = input.read(); next >= 0; next = input.read()) {
${hasStart ? afterStart : betweenEnds}
        if (body.size() > MAX_MESSAGE) throw new IOException("the message is too long");
    }
    if (body.size() > 0) throw new EOFException("the connection ended within a message");
    return null;
}
`;
}

const afterStart = `        if (body.size() == 0 && next != START) throw new IOException("the byte that begins a message is missing");
        if (next == END && !escaped) return decode(Arrays.copyOfRange(body.toByteArray(), 1, body.size()));
        escaped = !escaped && next == ESCAPE;
        body.write(next);`;

const betweenEnds = `        if (next == END && body.size() > 0) return decode(body.toByteArray());
        if (next != END) body.write(next); // an empty frame is not a message`;

const escapes = (hasStart: boolean) => `
static int indexOf(byte[] bytes, int value) {
    for (int at = 0; at < bytes.length; at++) {
        if ((bytes[at] & 0xff) == value) return at;
    }
    return -1;
}

/** Returns the message with escapes, between the bytes that begin and end it. */
static byte[] frame(byte[] message) {
    ByteArrayOutputStream framed = new ByteArrayOutputStream();
    framed.write(${hasStart ? 'START' : 'END'});
    for (byte next : message) {
        int at = indexOf(SPECIAL, next & 0xff);
        if (at >= 0) framed.write(ESCAPE);
        framed.write(at >= 0 ? CODES[at] : next);
    }
    framed.write(END);
    return framed.toByteArray();
}

/** Returns a message without its escapes. */
static byte[] decode(byte[] body) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (int at = 0; at < body.length; at++) {
        if ((body[at] & 0xff) != ESCAPE) {
            message.write(body[at]);
            continue;
        }
        at++;
        int code = at < body.length ? indexOf(CODES, body[at] & 0xff) : -1;
        if (code < 0) throw new IOException("the message contains an escape that is not valid");
        message.write(SPECIAL[code]);
    }
    return message.toByteArray();
}
`;

const cobs = `
/** Returns the message without zero bytes, and the zero byte that ends it. Each block of it begins with its length. */
static byte[] frame(byte[] message) {
    byte[] framed = new byte[message.length + message.length / 254 + 2];
    int block = 0; // where the block begins
    int used = 1;
    for (int at = 0; at < message.length; at++) {
        if (message[at] != 0) framed[used++] = message[at];
        // A block ends at a zero byte, or after 254 other bytes.
        if (message[at] == 0 || (used - block == 255 && at + 1 < message.length)) {
            framed[block] = (byte) (used - block);
            block = used++;
        }
    }
    framed[block] = (byte) (used - block);
    framed[used++] = END;
    return Arrays.copyOf(framed, used);
}

/** Returns the message of a frame: a zero byte separates two blocks, unless the first has 254 other bytes. */
static byte[] decode(byte[] body) throws IOException {
    ByteArrayOutputStream message = new ByteArrayOutputStream();
    for (int at = 0; at < body.length;) {
        int block = body[at] & 0xff;
        if (at + block > body.length) throw new IOException("the message has a block that is not complete");
        message.write(body, at + 1, block - 1);
        at += block;
        if (block < 255 && at < body.length) message.write(0);
    }
    return message.toByteArray();
}
`;
