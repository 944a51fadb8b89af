import { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { type FramingSpec, framingOfKind, framings } from './catalogue.ts';
import { noLimit } from './framer.ts';
import { type Protocol, protocols } from './protocols.ts';
import { createFramer, formatFraming, parseFraming } from './spec.ts';

/** The number of bytes of a stream that are examined. */
export const guessBytes = 65_536;
/** The maximum number of guesses. */
const maxGuesses = 5;
/** The maximum evidence of one message, in bits. */
const maxEvidence = 64;
/** Bits for a stream that ends with a whole message. */
const wholeBonus = 16;
/** Additional bits for a message that the protocol's own check accepts. */
const fitsBonus = 8;
const malformedMalus = 48;
const unfinishedMalus = 12;
/** The bits of the messages without which the bonus does not count. */
const leastEvidence = 2;
/** The minimum score of a guess, in bits. */
const leastScore = 16;
/** The number of messages that are examined. */
const maxMessages = 500;

/** A framing that a stream may have. */
interface FramingGuess {
  /** In the command line's spelling. */
  readonly framing: string;
  /** The names of the protocols with this framing that the messages may belong to. */
  readonly protocols: readonly string[];
  /** The number of whole messages. */
  readonly messages: number;
  /** How many of them are malformed. */
  readonly malformed: number;
  /** Bytes after the last whole message. */
  readonly unfinished: number;
}

/**
 * Guesses the framing of a stream that begins with `bytes`, from its first 64 KiB: returns the framings that match, the best one first.
 * For each framing, it adds up how unlikely each message is by chance. Never throws. Takes a few milliseconds for each framing.
 */
export function guessFraming(bytes: Uint8Array): readonly FramingGuess[] {
  const start = bytes.subarray(0, guessBytes);
  const isWhole = bytes.length <= guessBytes;
  const scored = candidates().flatMap((spelling) => {
    const spec = parseFraming(spelling);
    return spec ? [tryFraming(spec, start, isWhole)] : [];
  });
  return scored
    .filter(({ score, fits }) => score >= leastScore && fits)
    .sort((a, b) => b.score - a.score)
    .slice(0, maxGuesses)
    .map(({ guess }) => guess);
}

/** Returns the spellings to try, each once. */
function candidates(): readonly string[] {
  const spellings = [...protocols.map(({ framing }) => framing), ...framings.flatMap(({ guesses = [] }) => guesses)];
  return [...new Set(spellings)];
}

interface Scored {
  readonly guess: FramingGuess;
  readonly score: number;
  /** The framing yields a message, or the start of one. */
  readonly fits: boolean;
}

function tryFraming(spec: FramingSpec, bytes: Uint8Array, isWhole: boolean): Scored {
  const framing = formatFraming(spec);
  const kind = framingOfKind(spec.kind);
  const boundaries = new Boundaries();
  const framer = createFramer(spec, noLimit);
  framer.push(bytes, boundaries, 0);
  const possible = new Set(protocols.filter((protocol) => protocol.framing === framing));
  const { evidence, messages, malformed, end } = examine(spec, bytes, boundaries, possible);
  let score = Math.min(evidence, kind.mostEvidence ?? evidence);
  // Its header is whole and gives the number of missing bytes.
  const hasHeader = framer.claim?.name !== undefined;
  if (hasHeader) score += evidenceOf(spec, bytes.subarray(end), framer.pendingHead);
  const isFiller = (framer.end().flags & messageFlags.filler) !== 0;
  const unfinished = isFiller ? 0 : bytes.length - end;
  const isChecked = [...possible].some(({ fits }) => fits !== undefined);
  if (isChecked) score += fitsBonus * Math.min(messages, maxMessages);
  score -= malformedMalus * malformed;
  // Other streams end with a message by chance, too, so that alone is not evidence.
  if (unfinished === 0) score += score >= leastEvidence ? wholeBonus : 0;
  else if (isWhole && !hasHeader) score -= unfinishedMalus;
  const names = [...possible].map(({ name }) => name);
  return {
    guess: { framing, protocols: names, messages, malformed, unfinished },
    score,
    fits: messages > malformed || (hasHeader && malformed === 0),
  };
}

/** What the whole messages of a stream show. */
interface Examined {
  /** The evidence of all messages together, in bits. */
  readonly evidence: number;
  readonly messages: number;
  readonly malformed: number;
  /** The offset of the end of the last message. */
  readonly end: number;
}

/** Examines the messages in `bytes`. Removes the protocols that a message does not fit from `possible`. */
function examine(spec: FramingSpec, bytes: Uint8Array, boundaries: Boundaries, possible: Set<Protocol>): Examined {
  let evidence = 0;
  let malformed = 0;
  let messages = 0;
  let end = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    const flags = boundaries.flags[index] as number;
    const from = end;
    end = boundaries.ends[index] as number;
    if ((flags & messageFlags.filler) !== 0) continue;
    messages += 1;
    if ((flags & messageFlags.malformed) !== 0) {
      malformed += 1;
    } else if (messages <= maxMessages) {
      const message = bytes.subarray(from, end);
      evidence += evidenceOf(spec, message, boundaries.heads[index] as number);
      removeUnfit(possible, message, messages - 1);
    }
  }
  return { evidence, messages, malformed, end };
}

function evidenceOf(spec: FramingSpec, message: Uint8Array, head: number): number {
  return Math.min(framingOfKind(spec.kind).evidence?.(spec, message, head) ?? 0, maxEvidence);
}

function removeUnfit(possible: Set<Protocol>, message: Uint8Array, index: number): void {
  for (const protocol of possible) {
    if (protocol.fits && !protocol.fits(message, index)) possible.delete(protocol);
  }
}
