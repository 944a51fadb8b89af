import { useCallback, useEffect, useState } from 'react';
import type { CallOutput } from '#shared/contract/contract.ts';
import { referenceName } from '#shared/contract/file-reference.ts';
import type { StoredSession } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { recordingOf } from '../../bridge/live-store.ts';
import { closeDialog, type DialogState, type RenameTarget, showDialog } from '../../state/dialogs.ts';
import { useLive, useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { RadioList, RadioRow } from '../../ui/choices.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { TextField } from '../../ui/field.tsx';
import { bytesText, shownText } from '../../ui/text.ts';
import styles from './session-dialogs.module.css';
import { recordsText } from './session-entry.tsx';
import { deleteStored, moveRecording, newSession, openParts, renameStored } from './stored-commands.ts';
import { strings } from './strings.ts';

const { delete: deleteWords } = strings;

interface DeleteDialogProps {
  readonly session: StoredSession;
  readonly back: DialogState | undefined;
}

/** Confirms the deletion of a recording, which cannot be undone. */
export function DeleteDialog({ session, back = { kind: 'none' } }: DeleteDialogProps) {
  const services = useServices();
  const close = () => showDialog(services.dialogs, back);
  const remove = () => {
    close();
    void deleteStored(services, session);
  };
  const content = [recordsText(session), bytesText(session.fileBytes)].filter(Boolean).join(', ');
  return (
    <Dialog
      title={deleteWords.title(shownText(session.name))}
      onClose={close}
      actions={
        <>
          <Button onClick={close} autoFocus>
            {deleteWords.keep}
          </Button>
          <Button variant="danger" onClick={remove}>
            {deleteWords.delete}
          </Button>
        </>
      }
    >
      <p>{deleteWords.text(content)}</p>
    </Dialog>
  );
}

const { newSession: newSessionWords } = strings;

/** Confirms that a new session closes the open endpoints and connections. */
export function NewSessionDialog() {
  const services = useServices();
  const endpoints = useLive((live) => openParts(live).endpoints.length);
  const connections = useLive((live) => openParts(live).connections.length);
  const close = () => closeDialog(services.dialogs);
  const start = () => {
    close();
    void newSession(services);
  };
  return (
    <Dialog
      title={newSessionWords.title}
      onClose={close}
      actions={
        <>
          <Button onClick={close} autoFocus>
            {strings.cancel}
          </Button>
          <Button variant="danger" onClick={start}>
            {newSessionWords.start}
          </Button>
        </>
      }
    >
      <p>{newSessionWords.text(endpoints, connections)}</p>
    </Dialog>
  );
}

const { rename: renameWords } = strings;

const maxName = 120;

interface RenameDialogProps {
  readonly session: RenameTarget;
  readonly back: DialogState | undefined;
}

/** Renames a session. The name is stored in its file. */
export function RenameDialog({ session, back = { kind: 'none' } }: RenameDialogProps) {
  const services = useServices();
  const [name, setName] = useState(session.name);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const isEmpty = name.trim() === '';
  const close = () => showDialog(services.dialogs, back);
  const rename = async () => {
    if (isEmpty || busy) return;
    setBusy(true);
    const renamed = await renameStored(services, session, name.trim());
    setBusy(false);
    if (renamed.ok) close();
    else setFailure(renamed.error);
  };
  return (
    <Dialog
      title={renameWords.title}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button variant="primary" disabled={isEmpty || busy} onClick={() => void rename()}>
            {renameWords.rename}
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void rename();
        }}
      >
        <TextField
          label={renameWords.name}
          value={name}
          maxLength={maxName}
          autoFocus
          onFocus={(event) => event.currentTarget.select()}
          onChange={setName}
          error={isEmpty ? renameWords.nameError : undefined}
          help={renameWords.help}
        />
      </form>
      {failure ? <FailureBox failure={failure} onDismiss={() => setFailure(undefined)} /> : null}
    </Dialog>
  );
}

const { place: placeWords } = strings;

type Place = CallOutput<'places.list'>['places'][number];

/** Selects the folder to record to from those that the host offers. For hosts without file dialogs. */
export function PlaceDialog() {
  const services = useServices();
  const name = useLive((live) => referenceName(recordingOf(live)?.path ?? ''));
  const [places, setPlaces] = useState<readonly Place[]>([]);
  const [folder, setFolder] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const { client } = services;
  const load = useCallback(async () => {
    const listed = await client.call('places.list', { suggestedName: name || 'session' });
    if (listed.ok) setPlaces(listed.value.places);
    else setFailure(listed.error);
  }, [client, name]);
  useEffect(() => void load(), [load]);
  const chosen = places.find((place) => place.folder === folder);
  const close = () => closeDialog(services.dialogs);
  const move = async () => {
    if (!chosen || busy) return;
    setBusy(true);
    setFailure(undefined);
    const moved = await moveRecording(services, chosen.target);
    if (moved.ok) return close();
    setFailure(moved.error);
    // Each place is valid for one attempt.
    await load();
    setBusy(false);
  };
  return (
    <Dialog
      title={placeWords.title}
      className={styles.placeDialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button variant="primary" disabled={!chosen || busy} onClick={() => void move()}>
            {placeWords.move}
          </Button>
        </>
      }
    >
      <RadioList legend={placeWords.folders}>
        {places.map((place) => (
          <RadioRow
            key={place.folder}
            name="place"
            value={place.folder}
            className={styles.place}
            checked={place.folder === folder}
            onSelect={() => setFolder(place.folder)}
          >
            <span className={styles.folder}>{place.folder}</span>
            <span>{placeWords.free(place.freeBytes)}</span>
          </RadioRow>
        ))}
      </RadioList>
      <p className={styles.folderHelp}>{placeWords.help}</p>
      {failure ? <FailureBox failure={failure} /> : null}
    </Dialog>
  );
}
