import { toHex } from '../bytes/hex.ts';
import type { Framer } from './framer.ts';
import { framingBytes } from './values.ts';

/** A message as it goes on the wire: `head` bytes at its start and `tail` at its end are framing. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly head: number;
  readonly tail: number;
}

/** A body that a framing cannot carry: why, as a sentence without a full stop. */
export interface Unframeable {
  readonly problem: string;
}

/** What stands before and after a body. */
export interface Frame {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
}

/**
 * A value of a framing: the contract's schema and the form derive from it. Bytes are text in hex. A value has a default,
 * may be left out (`optional`), or is needed.
 */
export type FramingValue =
  | {
      readonly type: 'whole';
      readonly least: number;
      readonly most: number;
      readonly problem: string;
      readonly default?: number;
      readonly optional?: true;
    }
  | {
      readonly type: 'bytes';
      readonly least: number;
      readonly most: number;
      readonly problem: string;
      readonly default?: string;
      readonly optional?: true;
    }
  | {
      readonly type: 'choice';
      readonly of: readonly (string | number)[];
      readonly default?: string | number;
      readonly optional?: true;
    }
  | { readonly type: 'text'; readonly pattern: RegExp; readonly problem: string; readonly default: string }
  | { readonly type: 'flag'; readonly default?: false; readonly optional?: true };

/** Values that are right one by one and wrong together: which of them to correct, and why. */
interface ValuesProblem {
  readonly value: string;
  readonly problem: string;
}

/** A kind of framing: all that is known of it but its words on the page. `catalogue.ts` lists the kinds. */
export interface Framing<Spec extends { readonly kind: string }> {
  readonly kind: Spec['kind'];
  /** What the help of the command line lists: capitals stand for a value, brackets for what may be left out. */
  readonly spellings: readonly string[];
  readonly values: Readonly<Record<string, FramingValue>>;
  check?(spec: Spec): ValuesProblem | undefined;
  /** Reads the command line's spelling; `undefined` where it spells another kind or none. */
  parse(text: string): Spec | undefined;
  /** Writes the command line's spelling: one for all that cut alike. */
  format(spec: Spec): string;
  /**
   * Creates a scanner for one direction of one stream, in which a message that claims more than `maxMessage` bytes is malformed
   * (`claimProblem`).
   */
  createFramer(spec: Spec, maxMessage: number): Framer;
  /** Makes what stands around a body of `size` bytes; nothing where it is left out. */
  frameAround?(spec: Spec, size: number): Frame | Unframeable;
  /** Frames a body that is at hand; puts `frameAround` around it where it is left out. */
  encode?(spec: Spec, body: Uint8Array): Encoded | Unframeable;
  /** Puts back what `encode` escaped. Left out where it escapes nothing. */
  decode?(spec: Spec, body: Uint8Array): Uint8Array;
  /** The frame depends on the body's bytes, so that all of it must be at hand: `frameAround` is never asked. */
  readonly needsBody?: true;
  /**
   * Says in bits how unlikely it is that bytes which are no such message look like it: `message` whole, `head` bytes of it
   * framing. Left out where anything looks like it: such a framing is never guessed.
   */
  evidence?(spec: Spec, message: Uint8Array, head: number): number;
  /** The most bits that all messages together say: for lines, which any text has. */
  readonly mostEvidence?: number;
  /** The spellings by which a stream is tried, where its framing is guessed. */
  readonly guesses?: readonly string[];
  /** Finds the bytes of framing in a message that is sent as it is; none where it is left out. */
  asItIs?(spec: Spec, bytes: Uint8Array): Encoded;
}

export const noBytes: Uint8Array = new Uint8Array(0);
export const noFrame: Frame = { head: noBytes, tail: noBytes };

/** Returns true for a body that a framing cannot carry. */
export function isUnframeable(result: object): result is Unframeable {
  return 'problem' in result;
}

/** Makes the part of a descriptor that a kind without values has: it is spelled `word`. */
export function plain<Kind extends string>(
  kind: Kind,
  word: string,
): Pick<Framing<{ readonly kind: Kind }>, 'kind' | 'spellings' | 'values' | 'parse' | 'format'> {
  return {
    kind,
    spellings: [word],
    values: {},
    parse: (text) => (text === word ? { kind } : undefined),
    format: () => word,
  };
}

/** Writes hex as the spellings have it: small letters and nothing between the bytes. */
export function canonicalHex(text: string): string {
  return toHex(framingBytes(text) ?? noBytes);
}

/** Returns the bytes of a value that was parsed; throws where it was not. */
export function hexBytes(hex: string): Uint8Array {
  const bytes = framingBytes(hex);
  if (!bytes) throw new Error(`bytes of a framing that were never parsed: ${hex}`);
  return bytes;
}

/** Returns true where `bytes` ends with `ending`. */
export function endsWith(bytes: Uint8Array, ending: Uint8Array): boolean {
  const from = bytes.length - ending.length;
  return from >= 0 && ending.every((byte, index) => bytes[from + index] === byte);
}

/** Puts the three in a row; gives `body` itself where the others are empty. */
export function join(head: Uint8Array, body: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0 && tail.length === 0) return body;
  const joined = new Uint8Array(head.length + body.length + tail.length);
  joined.set(head);
  joined.set(body, head.length);
  joined.set(tail, head.length + body.length);
  return joined;
}
