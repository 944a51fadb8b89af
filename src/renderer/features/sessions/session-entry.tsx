import { Ellipsis, FileText, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import type { StoredSession } from '#shared/contract/models.ts';
import { type DialogState, showDialog } from '../../client/dialogs-store.ts';
import { openSessionFile } from '../../client/open-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { shownText } from '../../ui/escape-symbol.ts';
import { bytesText, momentText } from '../../ui/figures.ts';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import styles from './session-entry.module.css';
import { recordsText, storedNote, storedWord, whenText } from './session-words.ts';
import { strings } from './strings.ts';

const { entry: words } = strings;

const size = 14;

interface SessionEntryProps {
  readonly session: StoredSession;
  /** The dialog that contains it, to return to. */
  readonly dialog?: DialogState;
  /** Shows the note on its state below it. */
  readonly explained?: boolean;
}

/** A stored session: its name opens it, and its menu has the other actions. */
export function SessionEntry({ session, dialog, explained = false }: SessionEntryProps) {
  const services = useServices();
  const { state, startedAt, fileBytes } = session;
  const name = shownText(session.name);
  const word = storedWord(session);
  const note = storedNote(session);
  const isRecording = state === 'recording';
  const open = () => {
    if (dialog) showDialog(services.dialogs, { kind: 'none' });
    void openSessionFile(services, session.reference);
  };
  return (
    <div className={styles.entry}>
      <span className={styles.icon}>
        {state === 'crashed' ? (
          <RotateCcw size={size} aria-hidden className={styles.recovered} />
        ) : isRecording ? (
          <span className={styles.dot} aria-hidden />
        ) : (
          <FileText size={size} aria-hidden />
        )}
      </span>
      <span className={styles.title}>
        {isRecording ? (
          <span className={styles.name}>{name}</span>
        ) : (
          <button type="button" className={styles.name} title={session.path} onClick={open}>
            {name}
          </button>
        )}
        {word === '' ? null : (
          <span className={classes(styles.word, state === 'crashed' && styles.recovered)} title={note || undefined}>
            {word}
          </span>
        )}
      </span>
      <span className={styles.when} title={momentText(startedAt)}>
        {whenText(startedAt, Date.now())}
      </span>
      <span className={styles.figure}>{recordsText(session)}</span>
      <span className={styles.figure}>{bytesText(fileBytes)}</span>
      <EntryTools session={session} dialog={dialog} onOpen={open} />
      {explained && note !== '' ? <p className={styles.note}>{note}</p> : null}
    </div>
  );
}

interface EntryToolsProps {
  readonly session: StoredSession;
  readonly dialog: DialogState | undefined;
  readonly onOpen: () => void;
}

function EntryTools({ session, dialog, onOpen }: EntryToolsProps) {
  const { dialogs } = useServices();
  const anchor = useRef<HTMLButtonElement>(null);
  const [menu, setMenu] = useState(false);
  const { name, state } = session;
  const back = dialog ? { back: dialog } : undefined;
  const items: MenuItem[] = [
    {
      id: 'rename',
      label: words.rename,
      icon: <Pencil size={size} aria-hidden />,
      disabled: state === 'busy',
      run: () => showDialog(dialogs, { kind: 'rename-session', session, ...back }),
    },
    {
      id: 'delete',
      label: words.delete,
      icon: <Trash2 size={size} aria-hidden />,
      danger: true,
      disabled: state === 'busy' || state === 'recording',
      run: () => showDialog(dialogs, { kind: 'delete-session', session, ...back }),
    },
  ];
  return (
    <span className={styles.tools}>
      {state === 'recording' ? null : (
        <Button small aria-label={words.openOf(shownText(name))} onClick={onOpen}>
          {words.open}
        </Button>
      )}
      <IconButton
        ref={anchor}
        small
        label={words.actionsOf(shownText(name))}
        aria-haspopup="menu"
        aria-expanded={menu}
        onClick={() => setMenu(true)}
      >
        <Ellipsis size={size} aria-hidden />
      </IconButton>
      <Menu
        open={menu}
        onClose={() => setMenu(false)}
        anchor={anchor}
        align="end"
        label={words.actionsOf(shownText(name))}
        items={items}
      />
    </span>
  );
}
