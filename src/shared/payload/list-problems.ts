import { jsonStringValue } from './json.ts';
import { JsonReader } from './json-reader.ts';
import type { JsonMember } from './json-syntax.ts';
import { maxCheckedLength, type PayloadFormat, payloadBytes } from './payload.ts';
import { Malformed, type Mistake, maxProblems, type Problem, placeProblems, positionOf, quoted } from './problem.ts';
import { walkXml } from './xml-verdict.ts';

/** Thrown when the maximum number of problems has been found. */
class Enough extends Error {}

/**
 * Lists the problems of `text` as `format`, in the order of the text: every mistake of JSON and XML, the first one of hex, and warnings
 * about what is allowed but may surprise: duplicate keys and a byte order mark. Lists at most `maxProblems`, and none for a text longer
 * than `maxLength` UTF-16 units. Never throws on input. Loads the strict XML parser: import this module when it is needed.
 */
export function listProblems(format: PayloadFormat, text: string, maxLength = maxCheckedLength): readonly Problem[] {
  if (text.length > maxLength && format !== 'hex') return [];
  switch (format) {
    case 'text':
      return [];
    case 'hex': {
      const checked = payloadBytes('hex', text);
      if (checked.ok) return [];
      const { reason, ...place } = checked.problem;
      return [{ ...place, severity: 'error', message: reason }];
    }
    case 'json':
      return collect(text, (add) => walkJson(text, add));
    case 'xml':
      return collect(text, (add) => walkXml(text, add));
  }
}

/**
 * Returns the first error of `text` as `format`, `undefined` without errors. This decides everywhere whether a payload is valid. The limits
 * are those of `listProblems`.
 */
export function firstError(format: PayloadFormat, text: string): Problem | undefined {
  return listProblems(format, text).find(({ severity }) => severity === 'error');
}

function collect(text: string, walk: (add: (mistake: Mistake) => void) => void): readonly Problem[] {
  const mistakes: Mistake[] = [];
  const warnings: Mistake[] = [];
  // Errors are found even after any number of warnings.
  const add = (mistake: Mistake) => {
    (mistake.severity === 'error' ? mistakes : warnings).push(mistake);
    if (mistakes.length >= maxProblems) throw new Enough();
  };
  try {
    walk(add);
  } catch (error) {
    if (error instanceof Malformed) mistakes.push(error.mistake);
    else if (!(error instanceof Enough)) throw error;
  }
  return placeProblems(text, [...mistakes, ...warnings.slice(0, maxProblems - mistakes.length)]);
}

function walkJson(text: string, add: (mistake: Mistake) => void): void {
  if (text.charCodeAt(0) === 0xfeff) {
    const message = 'Byte order mark before the JSON value: many programs refuse it';
    add({ at: 0, length: 1, severity: 'warning', message });
  }
  let room = maxProblems;
  const onKeys = (members: readonly JsonMember[]) => {
    for (const mistake of repeatedKeys(text, members, room)) {
      room -= 1;
      add(mistake);
    }
  };
  new JsonReader(text, add, onKeys).document();
}

/** Adds a warning for each duplicate key, at most `room`: each one counts the lines up to its first place. */
function* repeatedKeys(text: string, members: readonly JsonMember[], room: number): Generator<Mistake> {
  if (members.length < 2) return;
  let left = room;
  const first = new Map<string, number>();
  for (const { keyAt, keyEnd } of members) {
    if (left === 0) return;
    const key = keyOf(text.slice(keyAt, keyEnd));
    const before = first.get(key);
    if (before === undefined) {
      first.set(key, keyAt);
      continue;
    }
    left -= 1;
    const { line } = positionOf(text, before);
    const message = `Duplicate key ${quoted(key)}: line ${line} has it too, and most programs use the last value`;
    yield { at: keyAt, length: keyEnd - keyAt, severity: 'warning', message };
  }
}

/** Returns the key's text; for a key with a mistake, its source. */
function keyOf(literal: string): string {
  if (!literal.startsWith('"')) return literal;
  try {
    return jsonStringValue(literal);
  } catch {
    return literal;
  }
}
