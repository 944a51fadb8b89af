import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand/react';
import { selectPairing } from '../../client/statistics-store.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import styles from './statistics.module.css';

const kinds = [
  { value: 'order', label: 'In order' },
  { value: 'path', label: 'By path' },
] as const;

/** How replies are paired with requests. Paths count when they are applied. */
export function PairingForm() {
  const { statistics: store } = useServices();
  const pairing = useStore(store, (state) => state.pairing);
  const [request, setRequest] = useState(pairing.request);
  const [reply, setReply] = useState(pairing.reply);
  const apply = (event: FormEvent) => {
    event.preventDefault();
    selectPairing(store, { kind: 'path', request, reply });
  };
  return (
    <form className={styles.pairing} onSubmit={apply}>
      <Segmented
        label="Pair replies"
        value={pairing.kind}
        options={kinds}
        onChange={(kind) => selectPairing(store, { kind, request, reply })}
      />
      {pairing.kind === 'path' ? (
        <>
          <TextField
            label="Path in the request"
            hideLabel
            mono
            className={styles.path}
            placeholder="json.id"
            value={request}
            onChange={setRequest}
          />
          <TextField
            label="Path in the reply"
            hideLabel
            mono
            className={styles.path}
            placeholder={request || 'the same in the reply'}
            value={reply}
            onChange={setReply}
          />
          <Button small type="submit" disabled={request.trim() === ''}>
            Pair
          </Button>
        </>
      ) : null}
    </form>
  );
}
