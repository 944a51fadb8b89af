import { Boundaries } from '../message/boundaries.ts';
import { messageFlags } from '../message/flags.ts';
import { type FramingSpec, framingOfKind, framings } from './catalogue.ts';
import { noLimit } from './claim.ts';
import { createFramer } from './list.ts';
import { protocols } from './protocols.ts';
import { formatFraming, parseFraming } from './spec.ts';

/** How much of a stream is looked at, in bytes. */
export const guessBytes = 65_536;
/** The most framings that are named. */
const maxGuesses = 5;
/** Bits by which one message can speak for a framing. */
const maxEvidence = 64;
/** Bits for a stream that ends with a message. */
const wholeBonus = 16;
/** Bits that a message says more where the protocol's own check holds. */
const fitsBonus = 8;
const malformedMalus = 48;
const unfinishedMalus = 12;
/** Bits that the messages have to say by themselves. */
const leastEvidence = 2;
/** A guess has as many bits at least. */
const leastScore = 16;
/** More messages say no more. */
const maxMessages = 500;

/** A framing that may be the one of a stream. */
interface FramingGuess {
  /** In the command line's spelling. */
  readonly framing: string;
  /** The protocols with this framing that the messages may be of, by name. */
  readonly protocols: readonly string[];
  /** How many messages it gives, whole ones. */
  readonly messages: number;
  /** How many of them do not follow it. */
  readonly malformed: number;
  /** Bytes behind the last whole message. */
  readonly unfinished: number;
}

/**
 * Guesses the framing of a stream of which `bytes` is the start, from the first 64 KiB of it: the framings that fit best, the
 * best first; none where none fits. It adds up, for each framing, how unlikely each message is by chance. Never throws,
 * whatever it is given. Takes some milliseconds for each framing of the catalogue.
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

/** The spellings to try, each once. */
function candidates(): readonly string[] {
  const spellings = [...protocols.map(({ framing }) => framing), ...framings.flatMap(({ guesses = [] }) => guesses)];
  return [...new Set(spellings)];
}

interface Scored {
  readonly guess: FramingGuess;
  readonly score: number;
  /** It gives a message, or the beginning of one. */
  readonly fits: boolean;
}

function tryFraming(spec: FramingSpec, bytes: Uint8Array, isWhole: boolean): Scored {
  const framing = formatFraming(spec);
  const kind = framingOfKind(spec.kind);
  const boundaries = new Boundaries();
  const framer = createFramer(spec, noLimit);
  framer.push(bytes, boundaries, 0);
  const possible = new Set(protocols.filter((protocol) => protocol.framing === framing));
  let score = 0;
  let malformed = 0;
  let messages = 0;
  let start = 0;
  for (let index = 0; index < boundaries.count; index += 1) {
    const end = boundaries.ends[index] as number;
    const flags = boundaries.flags[index] as number;
    const from = start;
    start = end;
    if ((flags & messageFlags.filler) !== 0) continue;
    messages += 1;
    if ((flags & messageFlags.malformed) !== 0) {
      malformed += 1;
    } else if (messages <= maxMessages) {
      const message = bytes.subarray(from, end);
      const evidence = kind.evidence?.(spec, message, boundaries.heads[index] as number) ?? 0;
      score += Math.min(evidence, maxEvidence);
      for (const protocol of possible) {
        if (protocol.fits && !protocol.fits(message, messages - 1)) possible.delete(protocol);
      }
    }
  }
  score = Math.min(score, kind.mostEvidence ?? score);
  // Its header is whole, and says how much of its body is missing.
  const hasHeader = framer.claim?.name !== undefined;
  if (hasHeader) score += Math.min(kind.evidence?.(spec, bytes.subarray(start), framer.pendingHead) ?? 0, maxEvidence);
  const isFiller = (framer.end().flags & messageFlags.filler) !== 0;
  const unfinished = isFiller ? 0 : bytes.length - start;
  const isChecked = [...possible].some(({ fits }) => fits !== undefined);
  if (isChecked) score += fitsBonus * Math.min(messages, maxMessages);
  score -= malformedMalus * malformed;
  // Other bytes end with a message by chance, too: by itself that says nothing.
  if (unfinished === 0) score += score >= leastEvidence ? wholeBonus : 0;
  else if (isWhole && !hasHeader) score -= unfinishedMalus;
  const names = [...possible].map(({ name }) => name);
  return {
    guess: { framing, protocols: names, messages, malformed, unfinished },
    score,
    fits: messages > malformed || (hasHeader && malformed === 0),
  };
}
