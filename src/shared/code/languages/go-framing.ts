import { byteString, commonEscapes, hexDigits, readableText, type StringStyle, stringLiteral } from '../literals.ts';
import { type Program, replySeconds } from '../program.ts';
import { goEncode, goReadEncoded } from './go-encoding.ts';

const byteStyle: StringStyle = {
  quote: '"',
  escapes: commonEscapes,
  spell: (byte) => `\\x${hexDigits(byte, 2)}`,
};
const textStyle: StringStyle = {
  ...byteStyle,
  spell(codePoint) {
    if (codePoint < 0x80) return `\\x${hexDigits(codePoint, 2)}`;
    return codePoint < 0x1_0000 ? `\\u${hexDigits(codePoint, 4)}` : `\\U${hexDigits(codePoint, 8)}`;
  },
};

/** Returns an expression whose value is exactly these bytes. */
export function goLiteral(bytes: Uint8Array): string {
  const text = readableText(bytes);
  return `[]byte(${text === undefined ? byteString(bytes, byteStyle) : goString(text)})`;
}

/** Returns a string literal. */
export function goString(text: string): string {
  return stringLiteral(text, textStyle);
}

const byteConstant = (name: string, value: number) => `\t${name} = 0x${hexDigits(value, 2)}`;

/** Returns the constants of a program: its address, its limits, its framing and what it sends. */
export function goConstants({
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
  const lines = ['const ('];
  if (transport === 'local') lines.push(`\tpath = ${goString(path)}`);
  else lines.push(`\thost = ${goString(host)}`, `\tport = "${port}"`);
  if (framing.kind === 'fixed') lines.push(`\tsize = ${framing.size}`, `\tpadding = ${framing.pad}`);
  if (framing.kind === 'length') {
    lines.push(`\theaderSize = ${framing.header} // bytes before the message`);
    lines.push(`\tlengthAt = ${framing.header - framing.size} // offset of the length in the header`);
    lines.push(`\tcounted = ${framing.counted} // the length minus the bytes of the message`);
  }
  if (framing.kind === 'escaped') {
    const { start, end, escapeByte } = framing;
    if (start !== end) lines.push(byteConstant('startByte', start));
    lines.push(byteConstant('endByte', end), byteConstant('escapeByte', escapeByte));
  }
  if (framing.kind === 'cobs') lines.push(byteConstant('endByte', 0));
  if (framing.kind !== 'raw' && framing.kind !== 'fixed') lines.push(`\tmaxMessage = ${maxMessage}`);
  if (side === 'client') lines.push(`\treplyTime = ${replySeconds} * time.Second // how long to wait for a reply`);
  lines.push(')');
  if (framing.kind === 'escaped') {
    lines.push(
      '',
      '// bytes that do not appear inside a message, and what follows the escape byte in place of each of them',
    );
    lines.push(`var special = ${goLiteral(framing.special)}`, `var codes = ${goLiteral(framing.codes)}`);
  }
  if (framing.kind === 'delimiter') lines.push('', `var delimiter = ${goLiteral(framing.delimiter)}`);
  if (side === 'client' && payload !== undefined) lines.push('', `var payload = ${goLiteral(payload)}`);
  if (answer.kind === 'reply') lines.push('', `var reply = ${goLiteral(answer.bytes)}`);
  return lines.join('\n');
}

/** Returns the function that adds the framing to a message; empty without framing. */
export function goFrame({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
// frame returns the message with its delimiter.
func frame(message []byte) []byte {
	if bytes.HasSuffix(message, delimiter) {
		return message
	}
	return append(append([]byte{}, message...), delimiter...)
}
`;
    case 'fixed':
      return `
// frame returns the message, padded to its size.
func frame(message []byte) []byte {
	if len(message) > size {
		log.Fatal("the message is too long")
	}
	return append(append([]byte{}, message...), bytes.Repeat([]byte{padding}, size-len(message))...)
}
`;
    case 'length':
      return `
// frame returns the message after its length.
func frame(message []byte) []byte {
	framed := make([]byte, headerSize+len(message))
	length := uint64(len(message) + counted)
	for at := 0; at < headerSize-lengthAt; at++ {
		framed[${framing.endian === 'be' ? 'headerSize-1-at' : 'lengthAt+at'}] = byte(length)
		length >>= 8
	}
	if length != 0 {
		log.Fatal("the length does not fit into its field")
	}
	copy(framed[headerSize:], message)
	return framed
}
`;
    case 'netstring':
      return `
// frame returns the message as a netstring: its length, a colon, the message, a comma.
func frame(message []byte) []byte {
	framed := append([]byte(strconv.Itoa(len(message))), ':')
	return append(append(framed, message...), ',')
}
`;
    case 'escaped':
    case 'cobs':
      return goEncode(framing);
  }
}

/** Returns the function that reads the next message; empty without framing. */
export function goReadMessage({ framing }: Program): string {
  switch (framing.kind) {
    case 'raw':
      return '';
    case 'delimiter':
      return `
// readMessage returns the next message, or io.EOF when the peer has closed the connection.
func readMessage(reader *bufio.Reader) ([]byte, error) {
	message := []byte{}
	for {
		part, err := reader.ReadSlice(delimiter[len(delimiter)-1])
		message = append(message, part...)
		if bytes.HasSuffix(message, delimiter) {
			return message${framing.keep ? '' : '[:len(message)-len(delimiter)]'}, nil
		}
		if err == io.EOF && len(message) > 0 {
			return nil, io.ErrUnexpectedEOF
		}
		if err != nil && err != bufio.ErrBufferFull {
			return nil, err
		}
		if len(message) > maxMessage {
			return nil, errors.New("the message is too long")
		}
	}
}
`;
    case 'fixed':
      return `
// readMessage returns the next message, or io.EOF when the peer has closed the connection.
func readMessage(reader *bufio.Reader) ([]byte, error) {
	message := make([]byte, size)
	_, err := io.ReadFull(reader, message)
	return message, err
}
`;
    case 'length':
      return `
// readMessage returns the next message, or io.EOF when the peer has closed the connection.
func readMessage(reader *bufio.Reader) ([]byte, error) {
	header := make([]byte, headerSize)
	if _, err := io.ReadFull(reader, header); err != nil {
		return nil, err
	}
	var length uint64
	for at := 0; at < headerSize-lengthAt; at++ {
		length = length<<8 | uint64(header[${framing.endian === 'be' ? 'lengthAt+at' : 'headerSize-1-at'}])
	}
	size := int64(length) - counted
	if length > 1<<62 || size < 0 || size > maxMessage {
		return nil, errors.New("the length of the message is not valid")
	}
	message := make([]byte, size)
	if _, err := io.ReadFull(reader, message); err == io.EOF {
		return nil, io.ErrUnexpectedEOF
	} else if err != nil {
		return nil, err
	}
	return message, nil
}
`;
    case 'netstring':
      return `
// readMessage returns the next message, or io.EOF when the peer has closed the connection.
func readMessage(reader *bufio.Reader) ([]byte, error) {
	digits, err := reader.ReadSlice(':')
	if err == io.EOF && len(digits) > 0 {
		return nil, io.ErrUnexpectedEOF
	}
	if err != nil {
		return nil, err
	}
	size, err := strconv.Atoi(string(digits[:len(digits)-1]))
	if err != nil || size < 0 || size > maxMessage {
		return nil, errors.New("the length of the message is not valid")
	}
	message := make([]byte, size+1)
	if _, err := io.ReadFull(reader, message); err == io.EOF {
		return nil, io.ErrUnexpectedEOF
	} else if err != nil {
		return nil, err
	}
	if message[size] != ',' {
		return nil, errors.New("the comma after the message is missing")
	}
	return message[:size], nil
}
`;
    case 'escaped':
    case 'cobs':
      return goReadEncoded(framing);
  }
}
