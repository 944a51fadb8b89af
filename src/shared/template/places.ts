import type { PayloadFormat } from '../payload/payload.ts';

/** Where a value is in the payload, which decides how it is escaped. */
export type Place = 'text' | 'bytes' | 'json-value' | 'json-string' | 'xml-text' | 'xml-markup' | 'xml-cdata';

/** Follows the text of a template and knows the place after it. A snapshot is a string: state of one payload format. */
export interface PlaceTracker {
  readonly place: () => Place;
  /** Follows a part of the text. */
  readonly read: (text: string) => void;
  readonly save: () => string;
  readonly restore: (saved: string) => void;
  /** The state at the start of a document. */
  readonly start: string;
}

/** Creates a tracker at the start of a payload. */
export function trackPlaces(format: PayloadFormat): PlaceTracker {
  switch (format) {
    case 'json':
      return tracker('value', readJson, { value: 'json-value', string: 'json-string', escape: 'json-string' });
    case 'xml':
      return tracker('text', readXml, xmlPlaces);
    case 'text':
      return tracker('text', (state) => state, { text: 'text' });
    case 'hex':
      return tracker('bytes', (state) => state, { bytes: 'bytes' });
  }
}

function tracker<State extends string>(
  start: State,
  follow: (state: State, text: string) => State,
  places: Readonly<Record<State, Place>>,
): PlaceTracker {
  let state = start;
  return {
    start,
    place: () => places[state],
    read: (text) => {
      state = follow(state, text);
    },
    save: () => state,
    restore: (saved) => {
      // Only values of `save` and `start` are restored.
      state = saved as State;
    },
  };
}

type JsonState = 'value' | 'string' | 'escape';

function readJson(before: JsonState, text: string): JsonState {
  let state = before;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at];
    if (state === 'escape') state = 'string';
    else if (char === '"') state = state === 'value' ? 'string' : 'value';
    else if (char === '\\' && state === 'string') state = 'escape';
  }
  return state;
}

type XmlState = keyof typeof xmlPlaces;

const xmlPlaces = {
  text: 'xml-text',
  tag: 'xml-markup',
  double: 'xml-markup',
  single: 'xml-markup',
  comment: 'xml-markup',
  instruction: 'xml-markup',
  cdata: 'xml-cdata',
} as const;

/** What begins in text, the longest first, and what ends each of them. */
const openings: readonly (readonly [XmlState, string])[] = [
  ['cdata', '<![CDATA['],
  ['comment', '<!--'],
  ['instruction', '<?'],
  ['tag', '<'],
];
const closings: Readonly<Record<Exclude<XmlState, 'text' | 'tag'>, readonly [string, XmlState]>> = {
  double: ['"', 'tag'],
  single: ["'", 'tag'],
  comment: ['-->', 'text'],
  instruction: ['?>', 'text'],
  cdata: [']]>', 'text'],
};
const inTag = /["'>]/g;

function readXml(before: XmlState, text: string): XmlState {
  let state = before;
  for (let at = 0; at < text.length; ) {
    const next = nextXml(state, text, at);
    if (!next) return state;
    ({ state, at } = next);
  }
  return state;
}

/** Returns the next state, and the offset after the characters that lead to it; `undefined` if the state does not change in this text. */
function nextXml(state: XmlState, text: string, from: number): { state: XmlState; at: number } | undefined {
  if (state === 'text') {
    const at = text.indexOf('<', from);
    const [next, opening] = openings.find(([, it]) => text.startsWith(it, at)) ?? ['tag', '<'];
    return at < 0 ? undefined : { state: next, at: at + opening.length };
  }
  if (state === 'tag') {
    inTag.lastIndex = from;
    const end = inTag.exec(text);
    return end
      ? { state: end[0] === '>' ? 'text' : end[0] === '"' ? 'double' : 'single', at: end.index + 1 }
      : undefined;
  }
  const [closing, next] = closings[state];
  const at = text.indexOf(closing, from);
  return at < 0 ? undefined : { state: next, at: at + closing.length };
}
