import { useCallback, useEffect, useState } from 'react';
import type { CallOutput } from '#shared/contract/contract.ts';
import { referenceName } from '#shared/contract/file-reference.ts';
import type { Failure } from '#shared/failure.ts';
import { closeDialog } from '../../client/dialogs-store.ts';
import { recordingOf } from '../../client/live-store.ts';
import { moveRecording } from '../../client/stored-commands.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { bytesText } from '../../ui/figures.ts';
import styles from './place-dialog.module.css';

type Place = CallOutput<'places.list'>['places'][number];

/** Asks for the folder to record to, where the host has no file dialogs: one of those that the host offers. */
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
    // A place is given for one attempt.
    await load();
    setBusy(false);
  };
  return (
    <Dialog
      title="Record the session in another place"
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button variant="primary" disabled={!chosen || busy} onClick={() => void move()}>
            Move and record there
          </Button>
        </>
      }
    >
      <fieldset className={styles.places}>
        <legend className={styles.legend}>Folder on the machine that Wirebench runs on</legend>
        {places.map((place) => (
          <label key={place.folder} className={styles.place}>
            <input
              type="radio"
              name="place"
              checked={place.folder === folder}
              onChange={() => setFolder(place.folder)}
            />
            <span className={styles.folder}>{place.folder}</span>
            <span>{bytesText(place.freeBytes)} free</span>
          </label>
        ))}
      </fieldset>
      <p className={styles.help}>
        The recorded data moves to the new file. To record to another disk, start Wirebench with a folder of that disk
        in WIREBENCH_HOME.
      </p>
      {failure ? <FailureBox failure={failure} /> : null}
    </Dialog>
  );
}
