import { changeEnds, joinText, type LineEnd, lineEndOf, splitText } from '#shared/payload/line-ends.ts';

/** What was put into a text from outside: the selection that it replaces, as offsets in what the editor showed. */
export interface Incoming {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** What an editor shows after an edit: its text with LF alone, and where its caret is. */
export interface Edit {
  readonly text: string;
  readonly caret: number;
  readonly incoming?: Incoming | undefined;
}

/** Returns what an editor that has LF alone shows of `raw`: no byte order mark, and LF for every line end. */
export function shownOf(raw: string): string {
  return splitText(raw).text;
}

/**
 * Returns `raw` after `edit` in an editor that showed `shownOf(raw)`. What comes from outside stays as it came. A line end
 * that is typed is as those around it, else LF. A byte order mark goes with the rest of the text.
 */
export function editRaw(raw: string, { text, caret, incoming }: Edit): string {
  return (incoming && insertRaw(raw, text, incoming)) ?? typeInto(raw, text, caret);
}

/** Returns `raw` with `incoming` in it as it came; `undefined` where `shown` is another text than that gives. */
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
  // What stands behind the caret has not changed, and of the rest what is the same from the beginning.
  let behind = 0;
  const mostBehind = Math.min(shown.length - caret, before.length);
  while (behind < mostBehind && shown.at(-1 - behind) === before.at(-1 - behind)) behind += 1;
  let same = 0;
  const mostSame = Math.min(shown.length, before.length) - behind;
  while (same < mostSame && shown[same] === before[same]) same += 1;
  const startLine = linesIn(before.slice(0, same)) + 1;
  const endLine = startLine + linesIn(before.slice(same, before.length - behind));
  const change = { startLine, endLine, text: shown.slice(same, shown.length - behind), ends: undefined };
  const usual = lineEndOf(raw);
  const typed: LineEnd = usual === undefined || usual === 'mixed' ? 'lf' : usual;
  return joinText({ hasMark, text: shown, ends: changeEnds(ends, change, typed) });
}

function linesIn(text: string): number {
  return text.split('\n').length - 1;
}
