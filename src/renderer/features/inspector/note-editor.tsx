import { Star, StickyNote } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { maxNoteLength } from '#shared/record/record.ts';
import { type Selection, setNote, toggleBookmark } from '../../state/selection.ts';
import { useServices } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { shownLines } from '../../ui/text.ts';
import styles from './inspector.module.css';
import { strings } from './strings.ts';

const texts = strings.marks;

/** The buttons for the bookmark and the note of a record. Both are stored in the session file. */
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
        label={bookmarked ? texts.removeBookmark : texts.bookmark}
        hint="M"
        aria-pressed={bookmarked}
        className={bookmarked ? styles.starred : undefined}
        onClick={() => void toggleBookmark(services, session, row)}
      >
        <Star size={13} aria-hidden fill={bookmarked ? 'currentColor' : 'none'} />
      </IconButton>
      {row.mark?.note || isEditing ? null : (
        <IconButton small label={texts.addNote} onClick={() => onEdit(true)}>
          <StickyNote size={13} aria-hidden />
        </IconButton>
      )}
    </span>
  );
}

interface NoteEditorProps {
  readonly selection: Selection;
  /** The user just added it: it takes the focus. */
  readonly isNew: boolean;
  readonly onDone: () => void;
}

/** The note on a record. Ctrl+Enter or leaving the field saves it; Escape discards changes. */
export function NoteEditor({ selection: { session, row }, isNew, onDone }: NoteEditorProps) {
  const services = useServices();
  const saved = row.mark?.note ?? '';
  const [draft, setDraft] = useState<string>();
  const [isEdited, setEdited] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const reverting = useRef(false);
  useEffect(() => {
    if (isNew) field.current?.focus();
  }, [isNew]);

  const save = async () => {
    const text = (draft ?? saved).trim();
    const isSame = reverting.current || text === saved;
    reverting.current = false;
    // A note that could not be saved stays in the field.
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
      aria-label={texts.note(row.seq)}
      placeholder={texts.placeholder}
      title={texts.noteHelp}
      data-own-keys="Mod+Enter"
      rows={1}
      maxLength={maxNoteLength}
      // Invisible characters and changes of direction are shown as escapes until the note is edited.
      value={draft ?? (isEdited ? saved : shownLines(saved))}
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
