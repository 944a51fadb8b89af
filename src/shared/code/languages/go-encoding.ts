import type { EncodedFraming } from '../program.ts';

const hasStart = (framing: EncodedFraming) => framing.kind === 'escaped' && framing.start !== framing.end;

/** Returns the function that encodes a message. */
export function goEncode(framing: EncodedFraming): string {
  if (framing.kind === 'cobs') return frameCobs;
  return `
// frame returns the message with escapes, between the bytes that begin and end it.
func frame(message []byte) []byte {
	framed := []byte{${hasStart(framing) ? 'startByte' : 'endByte'}}
	for _, next := range message {
		if at := bytes.IndexByte(special, next); at >= 0 {
			framed = append(framed, escapeByte, codes[at])
		} else {
			framed = append(framed, next)
		}
	}
	return append(framed, endByte)
}
`;
}

const frameCobs = `
// frame returns the message without zero bytes, and the zero byte that ends it. Each block of it begins with its length.
func frame(message []byte) []byte {
	framed := []byte{0}
	block := 0 // where the block begins
	for at, next := range message {
		if next != 0 {
			framed = append(framed, next)
		}
		// A block ends at a zero byte, or after 254 other bytes.
		if next == 0 || (len(framed)-block == 255 && at+1 < len(message)) {
			framed[block] = byte(len(framed) - block)
			block = len(framed)
			framed = append(framed, 0)
		}
	}
	framed[block] = byte(len(framed) - block)
	return append(framed, endByte)
}
`;

const decodeEscaped = `
// decode returns a message without its escapes.
func decode(body []byte) ([]byte, error) {
	message := make([]byte, 0, len(body))
	for at := 0; at < len(body); at++ {
		next := body[at]
		if next == escapeByte {
			at++
			code := -1
			if at < len(body) {
				code = bytes.IndexByte(codes, body[at])
			}
			if code < 0 {
				return nil, errors.New("the message contains an escape that is not valid")
			}
			next = special[code]
		}
		message = append(message, next)
	}
	return message, nil
}
`;

const decodeCobs = `
// decode returns the message of a frame: a zero byte separates two blocks, unless the first has 254 other bytes.
func decode(body []byte) ([]byte, error) {
	message := make([]byte, 0, len(body))
	for at := 0; at < len(body); {
		block := int(body[at])
		if at+block > len(body) {
			return nil, errors.New("the message has a block that is not complete")
		}
		message = append(message, body[at+1:at+block]...)
		at += block
		if block < 255 && at < len(body) {
			message = append(message, 0)
		}
	}
	return message, nil
}
`;

const afterStart = `		if len(body) == 0 && next != startByte {
			return nil, errors.New("the byte that begins a message is missing")
		}
		if next == endByte && !escaped {
			return decode(body[1:])
		}
		escaped = !escaped && next == escapeByte
		body = append(body, next)`;

const betweenEnds = `		if next == endByte && len(body) > 0 {
			return decode(body)
		}
		if next != endByte { // an empty frame is not a message
			body = append(body, next)
		}`;

/** Returns the functions that read and decode the next message. */
export function goReadEncoded(framing: EncodedFraming): string {
  const starts = hasStart(framing);
  return `${framing.kind === 'cobs' ? decodeCobs : decodeEscaped}
// readMessage returns the next message, or io.EOF when the peer has closed the connection.
func readMessage(reader *bufio.Reader) ([]byte, error) {
	body := []byte{}
${starts ? '\tescaped := false // the next byte is part of the message\n' : ''}	for len(body) <= maxMessage {
		next, err := reader.ReadByte()
		if err == io.EOF && len(body) > 0 {
			return nil, io.ErrUnexpectedEOF
		}
		if err != nil {
			return nil, err
		}
${starts ? afterStart : betweenEnds}
	}
	return nil, errors.New("the message is too long")
}
`;
}
