import { Star, StickyNote } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { maxNoteLength } from '#shared/record/marks.ts';
import { setNote, toggleBookmark } from '../../client/mark-commands.ts';
import type { Selection } from '../../client/selection-store.ts';
import { useServices } from '../../client/use-services.ts';
import { IconButton } from '../../ui/button.tsx';
import { shownLines } from '../../ui/escape-symbol.ts';
import styles from './note-editor.module.css';

/** The bookmark and the note at a record. Both live in the session's file. */
export function MarkButtons({
  selection,
  isEditing,
  onEdit,
}: {
  readonly selection: Selection;
  readonly isEditing: boolean;
  readonly onEdit: (editing: boolean) => void;
}) {
  const services = useServices();
  const { session, row } = selection;
  const bookmarked = row.mark?.bookmarked === true;
  return (
    <span className={styles.buttons}>
      <IconButton
        small
        label={bookmarked ? 'Remove bookmark' : 'Bookmark'}
        hint="M"
        aria-pressed={bookmarked}
        className={bookmarked ? styles.starred : undefined}
        onClick={() => void toggleBookmark(services, session, row)}
      >
        <Star size={13} aria-hidden fill={bookmarked ? 'currentColor' : 'none'} />
      </IconButton>
      {row.mark?.note || isEditing ? null : (
        <IconButton small label="Add a note" onClick={() => onEdit(true)}>
          <StickyNote size={13} aria-hidden />
        </IconButton>
      )}
    </span>
  );
}

interface NoteEditorProps {
  readonly selection: Selection;
  /** Just asked for: it takes the focus. */
  readonly isNew: boolean;
  readonly onDone: () => void;
}

/** The note at a record: kept when the field is left or with Ctrl+Enter; Escape brings back what was there. */
export function NoteEditor({ selection: { session, row }, isNew, onDone }: NoteEditorProps) {
  const services = useServices();
  const kept = row.mark?.note ?? '';
  const [draft, setDraft] = useState<string>();
  const [isEdited, setEdited] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const reverting = useRef(false);
  useEffect(() => {
    if (isNew) field.current?.focus();
  }, [isNew]);

  const save = async () => {
    const text = (draft ?? kept).trim();
    const isSame = reverting.current || text === kept;
    reverting.current = false;
    // What could not be kept stays in the field: it is not lost by trying.
    if (!isSame && !(await setNote(services, session, row.seq, text))) return;
    setDraft(undefined);
    onDone();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const isSave = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    if (!isSave && event.key !== 'Escape') return;
    event.preventDefault();
    event.stopPropagation();
    reverting.current = event.key === 'Escape';
    event.currentTarget.blur();
    document.querySelector<HTMLElement>('[data-focus="traffic"]')?.focus();
  };
  return (
    <textarea
      ref={field}
      className={styles.note}
      aria-label={`Note at record ${row.seq}`}
      placeholder="A note at this record"
      title="Kept when you leave it, or with Ctrl+Enter; Escape takes back what you changed."
      data-own-keys="Mod+Enter"
      rows={1}
      maxLength={maxNoteLength}
      // What hides or turns the text around is seen, until the note itself is edited.
      value={draft ?? (isEdited ? kept : shownLines(kept))}
      onFocus={() => setEdited(true)}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={() => {
        setEdited(false);
        void save();
      }}
      onKeyDown={onKeyDown}
    />
  );
}
