import { type JsonMember, jsonStringValue } from './json.ts';
import { quoted } from './json-advice.ts';
import { JsonReader } from './json-reader.ts';
import { maxCheckedLength, type PayloadFormat, payloadBytes } from './payload.ts';
import { Malformed, type Mistake, maxProblems, type Problem, placeProblems, positionOf } from './problem.ts';
import { walkXml } from './xml-verdict.ts';

/** Thrown where as many problems are found as are listed. */
class Enough extends Error {}

/**
 * Lists what is wrong with `text` as `format`, in the order of the text: every mistake of JSON and XML (the first of hex), and as warnings
 * what is allowed but may surprise: repeated keys and a byte order mark. At most `maxProblems` are listed; none of a text
 * longer than `maxLength` UTF-16 units. Never throws on input. Loads the strict XML parser: import this module when it is needed.
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

function collect(text: string, walk: (add: (mistake: Mistake) => void) => void): readonly Problem[] {
  const mistakes: Mistake[] = [];
  const add = (mistake: Mistake) => {
    mistakes.push(mistake);
    if (mistakes.length >= maxProblems) throw new Enough();
  };
  try {
    walk(add);
  } catch (error) {
    if (error instanceof Malformed) mistakes.push(error.mistake);
    else if (!(error instanceof Enough)) throw error;
  }
  return placeProblems(text, mistakes);
}

function walkJson(text: string, add: (mistake: Mistake) => void): void {
  if (text.charCodeAt(0) === 0xfeff) {
    const message = 'Byte order mark before the JSON value: many programs refuse it';
    add({ at: 0, length: 1, severity: 'warning', message });
  }
  new JsonReader(text, add, (members) => warnOfRepeatedKeys(text, members, add)).document();
}

function warnOfRepeatedKeys(text: string, members: readonly JsonMember[], add: (mistake: Mistake) => void): void {
  if (members.length < 2) return;
  const first = new Map<string, number>();
  for (const { keyAt, keyEnd } of members) {
    const key = keyOf(text.slice(keyAt, keyEnd));
    const before = first.get(key);
    if (before === undefined) first.set(key, keyAt);
    else {
      const message = `Duplicate key ${quoted(key)}: line ${positionOf(text, before).line} has it too, and most programs use the last value`;
      add({ at: keyAt, length: keyEnd - keyAt, severity: 'warning', message });
    }
  }
}

/** What a key stands for; one with a mistake in it stands for what is written. */
function keyOf(literal: string): string {
  if (!literal.startsWith('"')) return literal;
  try {
    return jsonStringValue(literal);
  } catch {
    return literal;
  }
}
