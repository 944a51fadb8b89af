import { changeEnds, joinText, type LineEnd, lineEndOf, splitText } from '#shared/payload/line-ends.ts';

/** Pasted text, and the selection that it replaces as offsets in the text that the editor showed. */
export interface Incoming {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The state of an editor after an edit: its text, with LF line ends only, and its caret. */
export interface Edit {
  readonly text: string;
  readonly caret: number;
  readonly incoming?: Incoming | undefined;
}

/** Returns `raw` as an editor shows it: without a byte order mark and with LF line ends. */
export function shownOf(raw: string): string {
  return splitText(raw).text;
}

/**
 * Returns `raw` after `edit` in an editor that showed `shownOf(raw)`. Pasted text is not changed. A typed line end is like the
 * others in the text, or LF. A byte order mark is removed with the last character.
 */
export function editRaw(raw: string, { text, caret, incoming }: Edit): string {
  return (incoming && insertRaw(raw, text, incoming)) ?? typeInto(raw, text, caret);
}

/** Returns `raw` with `incoming` inserted unchanged; `undefined` if `shown` is not the result. */
function insertRaw(raw: string, shown: string, { start, end, text }: Incoming): string | undefined {
  const { hasMark, text: before, ends } = splitText(raw);
  const head = before.slice(0, start);
  const tail = before.slice(end);
  if (shown !== head + text.replace(/\r\n?/g, '\n') + tail) return undefined;
  const rawHead = joinText({ hasMark, text: head, ends: ends.slice(0, linesIn(head)) });
  return rawHead + text + joinText({ hasMark: false, text: tail, ends: ends.slice(linesIn(before.slice(0, end))) });
}

function typeInto(raw: string, shown: string, caret: number): string {
  const { hasMark, text: before, ends } = splitText(raw);
  if (shown === '') return '';
  // The text after the caret is unchanged, as is the common beginning of the rest.
  let tail = 0;
  const maxTail = Math.min(shown.length - caret, before.length);
  while (tail < maxTail && shown.at(-1 - tail) === before.at(-1 - tail)) tail += 1;
  let head = 0;
  const maxHead = Math.min(shown.length, before.length) - tail;
  while (head < maxHead && shown[head] === before[head]) head += 1;
  const startLine = linesIn(before.slice(0, head)) + 1;
  const endLine = startLine + linesIn(before.slice(head, before.length - tail));
  const change = { startLine, endLine, text: shown.slice(head, shown.length - tail), ends: undefined };
  const usual = lineEndOf(raw);
  const typed: LineEnd = usual === undefined || usual === 'mixed' ? 'lf' : usual;
  return joinText({ hasMark, text: shown, ends: changeEnds(ends, change, typed) });
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
