import { type ReactNode, useRef } from 'react';
import {
  byteOrderMark,
  changeEnds,
  joinText,
  type LineEnd,
  lineEndOf,
  splitText,
  withByteOrderMark,
  withLineEnd,
} from '#shared/payload/line-ends.ts';
import styles from './field.module.css';
import { AreaField, SelectField } from './field.tsx';

/** Pasted text, and the selection that it replaces as offsets in the text that the editor showed. */
interface Incoming {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The state of an editor after an edit: its text, with LF line ends only, and its caret. */
interface Edit {
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

const lineEndLabels: Readonly<Record<LineEnd, string>> = { lf: 'LF', crlf: 'CRLF', cr: 'CR' };
const lineEndOptions = (['lf', 'crlf', 'cr'] as const).map((value) => ({ value, label: lineEndLabels[value] }));
const mixedOption = { value: 'mixed', label: 'Mixed' } as const;
const encodings = [
  { value: 'plain', label: 'UTF-8' },
  { value: 'marked', label: 'UTF-8 with BOM' },
] as const;

interface LineEndFieldProps {
  readonly value: LineEnd | 'mixed';
  /** Tooltip for mixed line ends. */
  readonly mixedTitle: string;
  readonly className?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly onChange: (lineEnd: LineEnd) => void;
  readonly onBlur?: (() => void) | undefined;
}

/** Shows and selects the line ends of a text. */
export function LineEndField({ value, mixedTitle, onChange, ...rest }: LineEndFieldProps) {
  return (
    <SelectField<LineEnd | 'mixed'>
      label="Line ends"
      hideLabel
      title={value === 'mixed' ? mixedTitle : 'Line ends of the payload'}
      value={value}
      options={value === 'mixed' ? [mixedOption, ...lineEndOptions] : lineEndOptions}
      onChange={(next) => (next === 'mixed' ? undefined : onChange(next))}
      {...rest}
    />
  );
}

interface EncodingFieldProps {
  readonly hasMark: boolean;
  readonly className?: string | undefined;
  readonly disabled?: boolean | undefined;
  readonly onChange: (hasMark: boolean) => void;
  readonly onBlur?: (() => void) | undefined;
}

/** Shows and selects whether a text begins with a byte order mark. */
export function EncodingField({ hasMark, onChange, ...rest }: EncodingFieldProps) {
  return (
    <SelectField
      label="Encoding"
      hideLabel
      title="Encoding, with or without a byte order mark (EF BB BF)"
      value={hasMark ? 'marked' : 'plain'}
      options={encodings}
      onChange={(next) => onChange(next === 'marked')}
      {...rest}
    />
  );
}

interface ExactTextFieldProps {
  readonly label: string;
  readonly help?: ReactNode;
  readonly error?: string | undefined;
  readonly disabled?: boolean | undefined;
  /** The text exactly as it is sent, with its line ends and byte order mark, if any. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: (() => void) | undefined;
}

/** Maximum number of texts that undo can restore. */
const maxPast = 100;

/**
 * A text of several lines that is sent unchanged. A text area only has LF line ends, so `value` keeps the actual line ends and
 * the byte order mark. Fields for them are shown below if the text has several lines or a byte order mark.
 */
export function ExactTextField({ value, onChange, onBlur, disabled, ...rest }: ExactTextFieldProps) {
  const incoming = useRef<Incoming>(undefined);
  const past = useRef<string[]>([]);
  const lineEnd = lineEndOf(value);
  const hasMark = value.startsWith(byteOrderMark);
  const change = (next: string) => {
    past.current = [...past.current, value, next].slice(-maxPast);
    onChange(next);
  };
  const keepIncoming = (area: HTMLTextAreaElement, data: DataTransfer | null) => {
    const { selectionStart: start, selectionEnd: end } = area;
    incoming.current = data ? { start, end, text: data.getData('text/plain') } : undefined;
  };
  const edit = (text: string, area: HTMLTextAreaElement, inputType: string) => {
    const isUndo = inputType.startsWith('history');
    const known = isUndo ? past.current.findLast((raw) => shownOf(raw) === text) : undefined;
    const pasted = inputType === 'insertFromPaste' ? incoming.current : undefined;
    incoming.current = undefined;
    change(known ?? editRaw(value, { text, caret: area.selectionEnd, incoming: pasted }));
  };
  const own = { disabled, onBlur };
  return (
    <div className={styles.exact}>
      <AreaField
        {...rest}
        {...own}
        value={shownOf(value)}
        onChange={(text, { currentTarget, nativeEvent }) =>
          edit(text, currentTarget, nativeEvent instanceof InputEvent ? nativeEvent.inputType : '')
        }
        onPaste={(event) => keepIncoming(event.currentTarget, event.clipboardData)}
      />
      {lineEnd === undefined && !hasMark ? null : (
        <div className={styles.written}>
          {lineEnd === undefined ? null : (
            <LineEndField
              {...own}
              value={lineEnd}
              mixedTitle="Mixed line ends, sent unchanged. Select one to change all lines."
              onChange={(next) => change(withLineEnd(value, next))}
            />
          )}
          {hasMark ? (
            <EncodingField {...own} hasMark onChange={(next) => change(withByteOrderMark(value, next))} />
          ) : null}
        </div>
      )}
    </div>
  );
}
