import { createStore, type StoreApi } from 'zustand/vanilla';
import { byteOrderMark, withByteOrderMark } from '#shared/payload/line-ends.ts';
import type { PayloadProblem } from '#shared/payload/problem.ts';
import { changeDraft, type Draft, draftOf, isPlain, type Written, writtenOf } from '../../state/drafts.ts';
import type { Services } from '../../state/services.ts';

/** Returns true for a payload whose bytes have to be made to find its problems. */
export function needsByteCheck(draft: Written): boolean {
  const { format, text } = draft;
  return !isPlain(draft) || (format === 'xml' && /^\ufeff?<\?xml[^>]{0,200}encoding/.test(text.slice(0, 256)));
}

/** The choices of the encoding: an encoding, and a byte order mark, which is part of the text. */
export const encodingChoices = [
  { value: 'utf-8', label: 'UTF-8' },
  { value: 'utf-8+mark', label: 'UTF-8 with BOM' },
  { value: 'utf-16le', label: 'UTF-16 LE' },
  { value: 'utf-16le+mark', label: 'UTF-16 LE with BOM' },
  { value: 'utf-16be', label: 'UTF-16 BE' },
  { value: 'utf-16be+mark', label: 'UTF-16 BE with BOM' },
  { value: 'iso-8859-1', label: 'Latin-1' },
  { value: 'windows-1252', label: 'Windows-1252' },
  { value: 'gbk', label: 'GBK' },
  { value: 'shift_jis', label: 'Shift_JIS' },
] as const;
export type EncodingChoice = (typeof encodingChoices)[number]['value'];

const mark = '+mark';

/** Returns the choice that a draft has. */
export function encodingChoiceOf({ encoding, text }: Pick<Draft, 'encoding' | 'text'>): EncodingChoice {
  if (encoding === 'utf-8-bom') return 'utf-8+mark';
  const isMarked = text.startsWith(byteOrderMark);
  return encodingChoices.find(({ value }) => value === (isMarked ? encoding + mark : encoding))?.value ?? encoding;
}

/** Changes the encoding of a tab's draft. A byte order mark is added or removed as an edit that can be undone. */
export function selectEncoding({ drafts }: Pick<Services, 'drafts'>, tab: string, choice: EncodingChoice): void {
  const before = draftOf(drafts.getState(), tab);
  const isMarked = choice.endsWith(mark);
  const encoding = (isMarked ? choice.slice(0, -mark.length) : choice) as Draft['encoding'];
  const text = withByteOrderMark(before.text, isMarked);
  const edit = text === before.text ? {} : { text, revision: before.revision + 1 };
  const isChanged = text !== before.text || encoding !== before.encoding;
  changeDraft(drafts, tab, { encoding, ...edit, ...(isChanged && { changed: true, outcome: undefined }) });
}

/** Returns the value at the offset `at` of a template, with the values of `socket`. */
export async function valueInTemplate(
  { client, workspace }: Pick<Services, 'client' | 'workspace'>,
  draft: Written,
  at: number,
  socket: number | undefined,
) {
  const payload = writtenOf({ workspace }, draft);
  return await client.call('payloads.preview', { payload, at, ...(socket !== undefined && { socket }) });
}

/** Longer texts are edited without escapes. UTF-16 units. */
const maxEscapedLength = 65_536;

interface EscapesView {
  /** The tabs whose text is shown with escapes. */
  readonly tabs: ReadonlySet<string>;
  /** By tab: why the escapes cannot be converted to text. The draft then keeps the previous text. */
  readonly problems: ReadonlyMap<string, PayloadProblem>;
}

/** Creates the state of the view of texts with escapes. */
export function createEscapesView(): StoreApi<EscapesView> {
  return createStore<EscapesView>(() => ({ tabs: new Set(), problems: new Map() }));
}

/** Shows the text of a tab with escapes, or without them. */
export function toggleEscapes(services: Services, tab: string): void {
  const view = services.own(createEscapesView);
  const tabs = new Set(view.getState().tabs);
  if (!tabs.delete(tab)) tabs.add(tab);
  view.setState({ tabs });
}

/** Returns true for a payload that can be shown with escapes. */
export function canEscape({ format, text, file }: Pick<Draft, 'format' | 'text' | 'file'>): boolean {
  return format === 'text' && !file && text.length <= maxEscapedLength;
}

/** Records what is wrong with the escapes of a tab; `undefined`: nothing. */
export function setEscapesProblem(services: Services, tab: string, problem: PayloadProblem | undefined): void {
  const view = services.own(createEscapesView);
  const before = view.getState().problems;
  if (before.get(tab) === problem) return;
  const problems = new Map(before);
  if (problem) problems.set(tab, problem);
  else problems.delete(tab);
  view.setState({ problems });
}

/** Where the editor of a tab should put the cursor. Line and column from 1. */
interface EditorGoal {
  readonly tab: string | undefined;
  readonly line: number;
  readonly column: number;
}
export const noGoal: EditorGoal = { tab: undefined, line: 1, column: 1 };

/** Creates the state of the place that the cursor should be moved to; the editor clears it. */
export function createEditorGoal(): StoreApi<EditorGoal> {
  return createStore<EditorGoal>(() => noGoal);
}

/** Moves the cursor of a tab's editor, and the focus with it. */
export function goTo(services: Services, tab: string, { line, column }: Omit<EditorGoal, 'tab'>): void {
  services.own(createEditorGoal).setState({ tab, line, column });
}
