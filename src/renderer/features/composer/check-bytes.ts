import type { Client } from '#shared/contract/client.ts';
import type { WrittenPayload } from '#shared/contract/documents.ts';
import { type PayloadProblem, type Problem, placeProblems } from '#shared/payload/problem.ts';
import { type ByteWriter, encodingNamed, loadByteWriter } from '#shared/payload/sent-bytes.ts';
import { encodingProblem } from '#shared/payload/xml-encoding.ts';

/** The bytes that a payload is sent as, without framing. */
export interface ByteCheck {
  /** Their number; `undefined` if there is a problem. */
  readonly length: number | undefined;
  /** The first 64 KiB of a template, and all of another payload. */
  readonly bytes: Uint8Array | undefined;
  /** How many of them, at the end, are the checksum. */
  readonly checksumLength: number;
  readonly problems: readonly Problem[];
  /** No bytes can be made: “Send anyway” is not possible. */
  readonly isUnsendable: boolean;
  /** The template uses a secret, which is shown as asterisks. */
  readonly usesSecret: boolean;
}

const nothing = { bytes: undefined, length: undefined, checksumLength: 0, usesSecret: false } as const;

/**
 * Makes the bytes of a payload and lists its problems: a character that the encoding does not have, an XML declaration that contradicts
 * the encoding, a mistake of a template. Loads the encodings and checksums: import this module when it is needed.
 */
export async function checkBytes(
  client: Client,
  payload: WrittenPayload,
  socket: number | undefined,
): Promise<ByteCheck> {
  const loaded = await loadByteWriter(payload);
  if (!loaded.ok) return unsendable(loaded.problem);
  return payload.template
    ? await checkTemplate(client, payload, socket, loaded.value)
    : checkFixed(payload, loaded.value);
}

function checkFixed({ format, text, encoding }: WrittenPayload, { write, checksumLength }: ByteWriter): ByteCheck {
  const made = write(text);
  if (!made.ok) return unsendable(made.problem);
  const name = encodingNamed(encoding);
  const contradiction = format === 'xml' && name ? encodingProblem(text, name) : undefined;
  return {
    bytes: made.value,
    length: made.value.length,
    checksumLength,
    problems: contradiction ? placeProblems(text, [contradiction]) : [],
    isUnsendable: false,
    usesSecret: false,
  };
}

async function checkTemplate(
  client: Client,
  payload: WrittenPayload,
  socket: number | undefined,
  { checksumLength }: ByteWriter,
): Promise<ByteCheck> {
  const answer = await client.call('payloads.preview', { payload, ...(socket !== undefined && { socket }) });
  if (!answer.ok) return unsendable({ at: 0, length: 0, line: 1, column: 1, reason: answer.error.message });
  const { bytes, length, problem, usesSecret } = answer.value;
  if (!problem) return { bytes, length, checksumLength, problems: [], isUnsendable: false, usesSecret };
  return unsendable({ ...problem, at: 0, length: 2, reason: problem.message });
}

function unsendable({ reason, ...place }: PayloadProblem): ByteCheck {
  return { ...nothing, problems: [{ ...place, severity: 'error', message: reason }], isUnsendable: true };
}
