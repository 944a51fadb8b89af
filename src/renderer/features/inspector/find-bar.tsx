import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import styles from './find-bar.module.css';
import { strings } from './strings.ts';
import type { useFind } from './use-find.ts';

interface FindBarProps {
  readonly find: ReturnType<typeof useFind>;
  /** Incremented each time the user opens the bar: the field then takes the focus. */
  readonly opened: number;
  readonly onClose: () => void;
}

const texts = strings.find;
const kinds = [
  { value: 'text', label: texts.text },
  { value: 'hex', label: texts.hex },
] as const;

/** Finds text or bytes in one message: Enter for the next match, Shift+Enter for the previous one. */
export function FindBar({ find, opened, onClose }: FindBarProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (opened === 0) return;
    // Not every browser moves the focus when text is selected.
    field.current?.focus();
    field.current?.select();
  }, [opened]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter') void find.find(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const status = find.status || (find.match ? texts.offset(find.match.at) : '');
  return (
    <search className={styles.bar} aria-label={texts.label}>
      <input
        ref={field}
        type="text"
        className={styles.input}
        aria-label={texts.label}
        placeholder={find.kind === 'hex' ? texts.hexPlaceholder : texts.placeholder}
        autoComplete="off"
        spellCheck={false}
        value={find.text}
        onChange={(event) => find.change({ text: event.target.value })}
        onKeyDown={onKeyDown}
      />
      <Segmented label={texts.kind} value={find.kind} options={kinds} onChange={(kind) => find.change({ kind })} />
      <IconButton small label={texts.previous} hint="Shift+Enter" onClick={() => void find.find(true)}>
        <ChevronUp size={14} aria-hidden />
      </IconButton>
      <IconButton small label={texts.next} hint="Enter" onClick={() => void find.find(false)}>
        <ChevronDown size={14} aria-hidden />
      </IconButton>
      <IconButton small label={texts.close} hint="Esc" onClick={onClose}>
        <X size={14} aria-hidden />
      </IconButton>
      <span className={styles.status} role="status">
        {status}
      </span>
    </search>
  );
}
