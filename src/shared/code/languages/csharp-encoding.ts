import type { EncodedFraming } from '../program.ts';

/** Returns the functions of a framing that encodes messages, so that they do not contain the byte that ends them. */
export function csharpEncoding(framing: EncodedFraming): string {
  const hasStart = framing.kind === 'escaped' && framing.start !== framing.end;
  return `${framing.kind === 'cobs' ? cobs : escapes(hasStart)}
// Returns the next message, or null when the peer has closed the connection.
byte[]? ReadMessage(Stream stream)
{
    var body = new List<byte>();
${hasStart ? '    bool escaped = false; // the next byte is part of the message\n' : ''}    for (int next = stream.ReadByte(); next >= 0; next = stream.ReadByte())
    {
${hasStart ? afterStart : betweenEnds}
        if (body.Count > MaxMessage) throw new InvalidDataException("the message is too long");
    }
    return body.Count == 0 ? null : throw new EndOfStreamException("the connection ended within a message");
}
`;
}

const afterStart = `        if (body.Count == 0 && next != Start) throw new InvalidDataException("the byte that begins a message is missing");
        if (next == End && !escaped) return Decode(body.GetRange(1, body.Count - 1));
        escaped = !escaped && next == Escape;
        body.Add((byte)next);`;

const betweenEnds = `        if (next == End && body.Count > 0) return Decode(body);
        if (next != End) body.Add((byte)next); // an empty frame is not a message`;

const escapes = (hasStart: boolean) => `
// Returns the message with escapes, between the bytes that begin and end it.
byte[] Frame(byte[] message)
{
    var framed = new List<byte> { ${hasStart ? 'Start' : 'End'} };
    foreach (byte next in message)
    {
        int at = Array.IndexOf(special, next);
        if (at >= 0) framed.Add(Escape);
        framed.Add(at >= 0 ? codes[at] : next);
    }
    framed.Add(End);
    return framed.ToArray();
}

// Returns a message without its escapes.
byte[] Decode(List<byte> body)
{
    var message = new List<byte>();
    for (int at = 0; at < body.Count; at++)
    {
        if (body[at] != Escape)
        {
            message.Add(body[at]);
            continue;
        }
        at++;
        int code = at < body.Count ? Array.IndexOf(codes, body[at]) : -1;
        if (code < 0) throw new InvalidDataException("the message contains an escape that is not valid");
        message.Add(special[code]);
    }
    return message.ToArray();
}
`;

const cobs = `
// Returns the message without zero bytes, and the zero byte that ends it. Each block of it begins with its length.
byte[] Frame(byte[] message)
{
    var framed = new List<byte> { 0 };
    int block = 0; // where the block begins
    for (int at = 0; at < message.Length; at++)
    {
        if (message[at] != 0) framed.Add(message[at]);
        // A block ends at a zero byte, or after 254 other bytes.
        if (message[at] == 0 || (framed.Count - block == 255 && at + 1 < message.Length))
        {
            framed[block] = (byte)(framed.Count - block);
            block = framed.Count;
            framed.Add(0);
        }
    }
    framed[block] = (byte)(framed.Count - block);
    framed.Add(End);
    return framed.ToArray();
}

// Returns the message of a frame: a zero byte separates two blocks, unless the first has 254 other bytes.
byte[] Decode(List<byte> body)
{
    var message = new List<byte>();
    for (int at = 0; at < body.Count;)
    {
        int block = body[at];
        if (at + block > body.Count) throw new InvalidDataException("the message has a block that is not complete");
        message.AddRange(body.GetRange(at + 1, block - 1));
        at += block;
        if (block < 255 && at < body.Count) message.Add(0);
    }
    return message.ToArray();
}
`;
