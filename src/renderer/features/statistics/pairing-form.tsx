import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand/react';
import { selectPairing } from '../../client/statistics-store.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { TextField } from '../../ui/field.tsx';
import { Segmented } from '../../ui/segmented.tsx';
import styles from './statistics.module.css';
import { strings } from './strings.ts';

const texts = strings.replies;

const kinds = [
  { value: 'order', label: texts.pairByOrder },
  { value: 'path', label: texts.pairByPath },
] as const;

/** Selects how replies are paired with requests. Paths take effect when the user submits them. */
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
        label={texts.pairReplies}
        value={pairing.kind}
        options={kinds}
        onChange={(kind) => selectPairing(store, { kind, request, reply })}
      />
      {pairing.kind === 'path' ? (
        <>
          <TextField
            label={texts.requestPath}
            hideLabel
            mono
            className={styles.path}
            placeholder={texts.pathExample}
            value={request}
            onChange={setRequest}
          />
          <TextField
            label={texts.replyPath}
            hideLabel
            mono
            className={styles.path}
            placeholder={request || texts.samePath}
            value={reply}
            onChange={setReply}
          />
          <Button small type="submit" disabled={request.trim() === ''}>
            {texts.pair}
          </Button>
        </>
      ) : null}
    </form>
  );
}
