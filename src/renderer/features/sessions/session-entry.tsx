import { Ellipsis, FileText, Pencil, RotateCcw, Trash2 } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import type { StoredSession } from '#shared/contract/models.ts';
import { type DialogState, showDialog } from '../../state/dialogs.ts';
import { useServices, useStored } from '../../state/services.ts';
import { openSessionFile } from '../../state/sessions.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { Menu, type MenuItem } from '../../ui/popover.tsx';
import { bytesText, classes, momentText, shownText } from '../../ui/text.ts';
import styles from './session-entry.module.css';
import { strings } from './strings.ts';

const dayMs = 86_400_000;

/** Returns a time as `today 14:05`, `yesterday 14:05` or `2026-03-01 14:05`. Local time. */
export function whenText(at: number, now: number): string {
  const date = new Date(at);
  const two = (value: number) => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  if (at >= midnight && at < midnight + dayMs) return strings.today(time);
  // Yesterday may have 23 or 25 hours.
  if (at >= new Date(midnight - dayMs / 2).setHours(0, 0, 0, 0) && at < midnight) return strings.yesterday(time);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
}

/** Returns the word for a stored session's state; empty for a session that ended normally. */
export function storedWord({ state }: StoredSession): string {
  switch (state) {
    case 'ended':
      return '';
    case 'crashed':
      return strings.state.crashed;
    case 'busy':
      return strings.state.busy;
    case 'recording':
      return strings.state.recording;
  }
}

/** Returns a note on a session that was left by a crash or is in use; empty for others. */
export function storedNote({ state, cutBytes = 0 }: StoredSession): string {
  if (state === 'busy') return strings.state.busyNote;
  return state === 'crashed' ? strings.state.crashedNote(cutBytes) : '';
}

/** Returns the number of records of a stored session; empty if it is not known. */
export function recordsText({ records }: StoredSession): string {
  return records === undefined ? '' : strings.records(records);
}

/** Returns the number and the size of sessions: `3 sessions, 1.2 MB`. */
export function usedText(sessions: readonly StoredSession[]): string {
  const bytes = sessions.reduce((sum, { fileBytes }) => sum + fileBytes, 0);
  return strings.used(sessions.length, bytes);
}

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

/** Number of sessions that the start page lists. */
const shown = 5;

/** The most recent sessions, newest first, including those left by a crash. */
export function RecentSessions() {
  const { dialogs } = useServices();
  const titleId = useId();
  const { loaded, sessions, failure } = useStored();
  if (!loaded) return null;
  return (
    <section className={styles.section} aria-labelledby={titleId}>
      <div className={styles.head}>
        <h2 id={titleId} className={styles.heading}>
          {strings.recent.title}
        </h2>
        <span className={styles.used}>{sessions.length > 0 ? usedText(sessions) : ''}</span>
        {sessions.length > shown ? (
          <Button small onClick={() => showDialog(dialogs, { kind: 'stored-sessions' })}>
            {strings.recent.showAll}
          </Button>
        ) : null}
        <Button small variant="ghost" onClick={() => showDialog(dialogs, { kind: 'settings' })}>
          {strings.retention}
        </Button>
      </div>
      {failure ? <FailureBox failure={failure} /> : null}
      {sessions.length === 0 && !failure ? <p className={styles.none}>{strings.recent.none}</p> : null}
      {sessions.length > 0 ? (
        <ul className={styles.list} aria-label={strings.recent.title}>
          {sessions.slice(0, shown).map((session) => (
            <li key={session.path}>
              <SessionEntry session={session} explained />
            </li>
          ))}
        </ul>
      ) : null}
    </section>
  );
}
