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
import { RadioList, RadioRow } from '../../ui/radio-list.tsx';
import styles from './place-dialog.module.css';
import { strings } from './strings.ts';

const { place: words } = strings;

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
      title={words.title}
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button variant="primary" disabled={!chosen || busy} onClick={() => void move()}>
            {words.move}
          </Button>
        </>
      }
    >
      <RadioList legend={words.folders}>
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
            <span>{words.free(place.freeBytes)}</span>
          </RadioRow>
        ))}
      </RadioList>
      <p className={styles.help}>{words.help}</p>
      {failure ? <FailureBox failure={failure} /> : null}
    </Dialog>
  );
}
