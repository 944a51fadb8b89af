import type { EncodedFraming } from '../program.ts';

/** Returns the functions of a framing that encodes messages, so that they do not contain the byte that ends them. */
export function pythonEncoding(framing: EncodedFraming): string {
  const isCobs = framing.kind === 'cobs';
  const hasStart = framing.kind === 'escaped' && framing.start !== framing.end;
  return `${isCobs ? cobs : escapes(hasStart)}

def take_message(pending):
    """Removes the first whole message from the received bytes. Returns None while it is incomplete."""
${hasStart ? findWithStart : findWithoutStart}    if end < 0:
        if len(pending) > MAX_MESSAGE:
            raise ValueError("the message is too long")
        return None
    message = decode(pending[${hasStart ? '1' : ''}:end])
    del pending[:end + 1]
    return message
`;
}

const findWithoutStart = `    while pending and pending[0] == END:
        del pending[0]  # an empty frame is not a message
    end = pending.find(END)
`;

const findWithStart = `    if pending and pending[0] != START:
        raise ValueError("the byte that begins a message is missing")
    end = pending.find(END, 1)
    while end >= 0 and is_escaped(pending, end):
        end = pending.find(END, end + 1)
`;

const isEscaped = `

def is_escaped(pending, at):
    """Returns True for a byte after an escape byte that is not escaped itself."""
    count = 0
    while pending[at - 1 - count] == ESCAPE:
        count += 1
    return count % 2 == 1
`;

const escapes = (hasStart: boolean) => `
def frame(message):
    """Returns the message with escapes, between the bytes that begin and end it."""
    framed = bytearray([${hasStart ? 'START' : 'END'}])
    for byte in message:
        at = SPECIAL.find(byte)
        if at < 0:
            framed.append(byte)
        else:
            framed += bytes([ESCAPE, CODES[at]])
    framed.append(END)
    return bytes(framed)


def decode(body):
    """Returns a message without its escapes."""
    message = bytearray()
    escaped = False
    for byte in body:
        if escaped:
            at = CODES.find(byte)
            if at < 0:
                raise ValueError("the message contains an escape that is not valid")
            message.append(SPECIAL[at])
            escaped = False
        elif byte == ESCAPE:
            escaped = True
        else:
            message.append(byte)
    return bytes(message)
${hasStart ? isEscaped : ''}`;

const cobs = `
def frame(message):
    """Returns the message without zero bytes, and the zero byte that ends it. Each block of it begins with its length."""
    framed = bytearray(1)
    block = 0  # where the block begins
    for at, byte in enumerate(message):
        if byte != 0:
            framed.append(byte)
        # A block ends at a zero byte, or after 254 other bytes
        if byte == 0 or (len(framed) - block == 255 and at + 1 < len(message)):
            framed[block] = len(framed) - block
            block = len(framed)
            framed.append(0)
    framed[block] = len(framed) - block
    framed.append(END)
    return bytes(framed)


def decode(body):
    """Returns the message of a frame: a zero byte separates two blocks, unless the first has 254 other bytes."""
    message = bytearray()
    at = 0
    while at < len(body):
        length = body[at]
        if at + length > len(body):
            raise ValueError("the message has a block that is not complete")
        message += body[at + 1:at + length]
        at += length
        if length < 255 and at < len(body):
            message.append(0)
    return bytes(message)
`;
