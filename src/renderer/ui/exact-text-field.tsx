import { type ReactNode, useRef } from 'react';
import { byteOrderMark, lineEndOf, withByteOrderMark, withLineEnd } from '#shared/payload/line-ends.ts';
import { editRaw, type Incoming, shownOf } from './exact-edit.ts';
import styles from './exact-text-field.module.css';
import { AreaField } from './field.tsx';
import { EncodingField, LineEndField } from './written-fields.tsx';

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
    <div className={styles.field}>
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
