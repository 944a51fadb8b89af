import { type FramingSpec, framingOfKind, framings } from './catalogue.ts';
import { framingOfProtocol, protocols } from './protocols.ts';

/** What happens after bytes that do not follow the framing: search for the next message, or stop and record reads. */
export const badFrames = ['resynchronise', 'stop'] as const;
export type BadFrame = (typeof badFrames)[number];

/** The spellings that the command line accepts, for its help and errors. Capitals stand for values, brackets for optional parts. */
export const framingSpellings: readonly string[] = framings.flatMap(({ spellings }) =>
  spellings.map(({ text }) => text),
);

/** The spellings and the names of protocols, for a help text. */
export const framingUsage = `${framingSpellings.join(', ')}; or the name of a protocol: ${protocols.map(({ name }) => name).join(', ')}`;

/**
 * Parses the command line's spelling of a framing (`line`, `line:crlf`, `delim:0d0a`, `len:4be`, `json`, …) or the name of a
 * protocol (`modbus`). Returns `undefined` for any other text.
 */
export function parseFraming(text: string): FramingSpec | undefined {
  return parseSpelling(text) ?? parseSpelling(framingOfProtocol(text) ?? '');
}

function parseSpelling(text: string): FramingSpec | undefined {
  for (const framing of framings) {
    const spec = framing.parse(text);
    if (spec) return spec;
  }
  return undefined;
}

/** Returns the command line's spelling of `spec`: the inverse of `parseFraming`, and the same for all specs that frame alike. */
export function formatFraming(spec: FramingSpec): string {
  return framingOfKind(spec.kind).format(spec);
}
