import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { IconButton } from '../../ui/button.tsx';
import { countText } from '../../ui/figures.ts';
import { Segmented } from '../../ui/segmented.tsx';
import styles from './find-bar.module.css';
import type { useFind } from './use-find.ts';

interface FindBarProps {
  readonly find: ReturnType<typeof useFind>;
  /** Grows each time it is asked for: the field takes the focus. */
  readonly asked: number;
  readonly onClose: () => void;
}

const kinds = [
  { value: 'text', label: 'Text' },
  { value: 'hex', label: 'Hex' },
] as const;

/** Looks for text or bytes in one message: Enter for the next place, Shift+Enter for the one before. */
export function FindBar({ find, asked, onClose }: FindBarProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (asked === 0) return;
    // Not every browser moves the focus with the selection.
    field.current?.focus();
    field.current?.select();
  }, [asked]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter') void find.find(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const says = find.says || (find.match ? `at offset ${countText(find.match.at)}` : '');
  return (
    <search className={styles.bar} aria-label="Find in the message">
      <input
        ref={field}
        type="text"
        className={styles.input}
        aria-label="Find in the message"
        placeholder={find.kind === 'hex' ? '0d 0a' : 'Find'}
        autoComplete="off"
        spellCheck={false}
        value={find.text}
        onChange={(event) => find.change({ text: event.target.value })}
        onKeyDown={onKeyDown}
      />
      <Segmented label="What to find" value={find.kind} options={kinds} onChange={(kind) => find.change({ kind })} />
      <IconButton small label="Previous" hint="Shift+Enter" onClick={() => void find.find(true)}>
        <ChevronUp size={14} aria-hidden />
      </IconButton>
      <IconButton small label="Next" hint="Enter" onClick={() => void find.find(false)}>
        <ChevronDown size={14} aria-hidden />
      </IconButton>
      <IconButton small label="Close" hint="Esc" onClick={onClose}>
        <X size={14} aria-hidden />
      </IconButton>
      <span className={styles.says} role="status">
        {says}
      </span>
    </search>
  );
}
