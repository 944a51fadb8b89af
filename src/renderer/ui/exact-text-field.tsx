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
  /** The text as it is sent: with its own line ends and, where it has one, its byte order mark. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly onBlur?: (() => void) | undefined;
}

/** The texts that undo may bring back. */
const maxPast = 100;

/**
 * A text of several lines that is sent as it is. A text area has LF alone as its line end; so what it would change stands
 * beside it in `value`, and is shown and selected below it where there is more than one line, or a byte order mark.
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
              mixedTitle="Line ends of several kinds, sent as they are. Select one kind for all lines."
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
