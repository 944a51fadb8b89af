import { toHex } from '../bytes/hex.ts';
import type { Framer } from './framer.ts';
import { framingBytes } from './values.ts';

/** A message as it is sent: `head` bytes at its start and `tail` bytes at its end are framing. */
export interface Encoded {
  readonly bytes: Uint8Array;
  readonly head: number;
  readonly tail: number;
}

/** The reason why a framing cannot carry a body, as a sentence without a full stop. */
export interface Unframeable {
  readonly problem: string;
}

/** The bytes before and after a body. */
export interface Frame {
  readonly head: Uint8Array;
  readonly tail: Uint8Array;
  /** The tail belongs to the message, as padding does: it is not framing. */
  readonly keepsTail?: boolean | undefined;
}

/** The words for a value in a form. */
interface ValueWords {
  readonly label: string;
  readonly help: string;
  /** Other words that a search for options finds. */
  readonly search?: string;
  /** Initial text of the field, for a value without a default. */
  readonly example?: string;
  /** Placeholder: the value that is used if the field is empty. */
  readonly unset?: string;
  /** Name of the form's field, if another kind has a value of the same name and another type. */
  readonly field?: 'lengthSize';
}

/**
 * One value of a framing. The contract's schema and the form derive from it. Bytes are text in hex. A value has a default, is
 * optional, or is required.
 */
export type FramingValue = { readonly words: ValueWords } & (
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
      /** What a form shows for a choice, if not the choice itself. */
      readonly labels?: Readonly<Record<string, string>>;
      readonly default?: string | number;
      readonly optional?: true;
    }
  | { readonly type: 'text'; readonly pattern: RegExp; readonly problem: string; readonly default: string }
  | { readonly type: 'flag'; readonly default?: false; readonly optional?: true }
);

/** A combination of valid values that is invalid: the value to correct, and the reason. */
interface ValuesProblem {
  readonly value: string;
  readonly problem: string;
}

/** The words for a framing in the window. */
export interface FramingWords {
  /** A name of two or three words. */
  readonly short: string;
  readonly label: string;
  /** What a message is, in one sentence. */
  readonly help: string;
  /** Listed first. */
  readonly common?: true;
}

/** Fixed values of a kind that a form lists as a framing. */
interface FramingVariant<Name extends string> {
  readonly name: Name;
  readonly values: Readonly<Record<string, string>>;
  readonly words: FramingWords;
}

/** A spelling of the command line, with its row in docs/framing.md. Capitals stand for values, brackets for optional parts. */
interface Spelling {
  readonly text: string;
  /** What a message is, in Markdown. */
  readonly message: string;
  /** What sending adds, in Markdown. */
  readonly sending: string;
}

/** The row of docs/framing.md about bytes that do not follow a framing, in Markdown. */
interface WrongFrames {
  readonly what: string;
  /** Where the framing resumes. */
  readonly resume: string;
}

/** An encoding of a message in blocks, of which only a whole frame can be decoded (COBS). */
interface Blocks {
  /** The byte that ends a frame. */
  readonly end: number;
  /** Returns the number of bytes at the start of `body` that are whole blocks. */
  wholeBytes(body: Uint8Array): number;
}

/**
 * A kind of framing, whole: `catalogue.ts` lists the kinds. Everything else about a kind derives from this: the contract's schema, the
 * form and its words, the command line's spelling and help, guesses, and the tables of docs/framing.md.
 */
export interface Framing<Spec extends { readonly kind: string }, Variant extends string = never> {
  readonly kind: Spec['kind'];
  readonly words: FramingWords;
  readonly variants?: readonly FramingVariant<Variant>[];
  readonly spellings: readonly Spelling[];
  /** Left out where any bytes follow the framing. */
  readonly wrong?: WrongFrames;
  readonly values: Readonly<Record<string, FramingValue>>;
  check?(spec: Spec): ValuesProblem | undefined;
  /** Parses a spelling of the command line; returns `undefined` for one of another kind or an invalid one. */
  parse(text: string): Spec | undefined;
  /** Returns the spelling of the command line: the same one for all specs that frame alike. */
  format(spec: Spec): string;
  /**
   * Creates a scanner for one direction of one stream. A message that claims more than `maxMessage` bytes is malformed
   * (`claimProblem`).
   */
  createFramer(spec: Spec, maxMessage: number): Framer;
  /** Messages end where reads or pauses do, not at certain bytes: any part of a stream can be sent alone. */
  readonly followsReads?: true;
  /** Returns what sending adds, in a few words. Left out where it adds nothing. */
  adds?(spec: Spec): string;
  /** Returns the frame around a body of `size` bytes. Left out for a kind without frames. */
  frameAround?(spec: Spec, size: number): Frame | Unframeable;
  /** Frames a body. Left out where `frameAround` suffices. */
  encode?(spec: Spec, body: Uint8Array): Encoded | Unframeable;
  /** Removes the escapes that `encode` added. Left out where it adds none. */
  decode?(spec: Spec, body: Uint8Array): Uint8Array;
  /** Left out where any part of a message can be decoded. */
  readonly blocks?: Blocks;
  /** The frame depends on the bytes of the body, so the whole body must be in memory: `frameAround` is not called. */
  readonly needsBody?: true;
  /**
   * Returns, in bits, how unlikely other bytes are to look like this message. `message` is whole; `head` bytes of it are framing. Left
   * out where any bytes do: such a framing is never guessed.
   */
  evidence?(spec: Spec, message: Uint8Array, head: number): number;
  /** Maximum evidence of all messages together, for lines, which any text has. */
  readonly mostEvidence?: number;
  /** The spellings to try when the framing of a stream is guessed. */
  readonly guesses?: readonly string[];
  /** Finds the framing in a message that is sent unchanged. Left out for a kind that cannot recognise it. */
  asItIs?(spec: Spec, bytes: Uint8Array): Encoded;
}

export const noBytes: Uint8Array = new Uint8Array(0);
export const noFrame: Frame = { head: noBytes, tail: noBytes };

/** Returns true for a body that a framing cannot carry. */
export function isUnframeable(result: object): result is Unframeable {
  return 'problem' in result;
}

/** Returns the part of a descriptor that a kind without values has. */
export function plain<Kind extends string>(
  kind: Kind,
  spelling: Spelling,
): Pick<Framing<{ readonly kind: Kind }>, 'kind' | 'spellings' | 'values' | 'parse' | 'format'> {
  return {
    kind,
    spellings: [spelling],
    values: {},
    parse: (text) => (text === spelling.text ? { kind } : undefined),
    format: () => spelling.text,
  };
}

/** Returns hex as spellings contain it: lower case, without separators. */
export function canonicalHex(text: string): string {
  return toHex(framingBytes(text) ?? noBytes);
}

/** Returns the bytes of a parsed value; throws for any other text. */
export function hexBytes(hex: string): Uint8Array {
  const bytes = framingBytes(hex);
  if (!bytes) throw new Error(`the bytes of a framing were not parsed: ${hex}`);
  return bytes;
}

/** Returns true if `bytes` ends with `ending`. */
export function endsWith(bytes: Uint8Array, ending: Uint8Array): boolean {
  const from = bytes.length - ending.length;
  return from >= 0 && ending.every((byte, index) => bytes[from + index] === byte);
}

/** Concatenates the three; returns `body` itself if the others are empty. */
export function join(head: Uint8Array, body: Uint8Array, tail: Uint8Array): Uint8Array {
  if (head.length === 0 && tail.length === 0) return body;
  const joined = new Uint8Array(head.length + body.length + tail.length);
  joined.set(head);
  joined.set(body, head.length);
  joined.set(tail, head.length + body.length);
  return joined;
}
