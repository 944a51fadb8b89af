import { type FramingSpec, framingOfKind, framings } from './catalogue.ts';
import { framingOfProtocol, protocols } from './protocols.ts';

/** After bytes that do not follow the framing: look for the next message, or stop it and take the rest as it is read. */
export const badFrames = ['resynchronise', 'stop'] as const;
export type BadFrame = (typeof badFrames)[number];

/**
 * What the command line accepts, for its help and its errors: words as they are, capitals for what is to be filled in,
 * brackets around what may be left out.
 */
export const framingSpellings: readonly string[] = framings.flatMap(({ spellings }) => spellings);

/** The same with the protocols that have a name, for a help text. */
export const framingUsage = `${framingSpellings.join(', ')}; or the name of a protocol: ${protocols.map(({ name }) => name).join(', ')}`;

/**
 * Reads the command line's spelling of a framing (`line`, `line:crlf`, `delim:0d0a`, `len:4be`, `json` …) or the name of a
 * protocol (`modbus`); `undefined` where it is none.
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

/** Writes the command line's spelling of `spec`, the inverse of `parseFraming`; one spelling for all that cut alike. */
export function formatFraming(spec: FramingSpec): string {
  return framingOfKind(spec.kind).format(spec);
}
