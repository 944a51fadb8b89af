import type { Input } from '#jobs/input-delivery.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage, followsReads } from '#shared/framing/spec.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import { inputPieces } from './input.ts';
import type { InputPayload, InputSplit } from './input-source.ts';
import type { Payload } from './payload.ts';
import { note } from './report.ts';
import type { SendOptions } from './send-config.ts';

/**
 * Returns how an input stream (the standard input, or a pipe that `--file` names) is split to be sent as it arrives: into
 * lines, or under raw framing into reads. Returns `undefined` if the stream must be read to its end first: it is one message
 * (a datagram, a frame), is sent repeatedly, or is sent in chunks.
 */
export function splitOf(options: SendOptions, { transport, framing }: ClientConfig): InputSplit | undefined {
  const { lines, frame, repeat, reconnect, chunk, split } = options;
  const isStream = !abilitiesOf(transport).messageOriented;
  const isRaw = isStream && (!frame || followsReads(framing));
  if (lines) return isRaw ? 'whole-lines' : 'lines';
  const isWhole = [repeat, reconnect, chunk, split].some((option) => option !== undefined);
  return isRaw && !isWhole ? 'reads' : undefined;
}

/** Returns an input as jobs read it. */
export function inputOf(payload: InputPayload): Input {
  const { name, stream } = payload;
  return {
    name,
    isTerminal: stream.isTTY === true,
    pieces: () => inputPieces(payload),
    waiting: () => stream.readableLength,
    stop: () => void stream.destroy(),
    endedEarly: () => note(`The connection ended before ${name} did.`),
  };
}

/** Returns true if `payload` yields a message. An empty line or datagram is a message; zero bytes on a stream are not. */
export function isMessage(payload: Payload, { transport, framing }: ClientConfig, frame: boolean): boolean {
  const size = payload.kind === 'file' ? payload.size : payload.bytes.length;
  if (size > 0 || abilitiesOf(transport).messageOriented) return true;
  if (!frame) return false;
  const encoded = encodeMessage(framing, new Uint8Array(0));
  // Sending an unframeable payload reports why.
  return isUnframeable(encoded) || encoded.bytes.length > 0;
}
