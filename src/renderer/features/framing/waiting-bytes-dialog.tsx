import { useCallback, useEffect, useState } from 'react';
import { hexDump } from '#shared/bytes/hex-dump.ts';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import type { CallOutput } from '#shared/contract/contract.ts';
import type { Failure } from '#shared/failure.ts';
import { closeDialog } from '../../client/dialogs-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { shownLines } from '../../ui/escape-symbol.ts';
import { FailureBox } from '../../ui/failure-box.tsx';
import styles from './framing.module.css';
import { strings } from './strings.ts';

const { waiting: words } = strings;

type Waiting = CallOutput<'sockets.waiting'>;

/** Shows a snapshot of the bytes of an incomplete message, as text and in hex. */
export function WaitingBytesDialog({ socket }: { readonly socket: number }) {
  const services = useServices();
  const { client } = services;
  const peer = useLive((live) => live.sockets.get(socket)?.peer);
  const [waiting, setWaiting] = useState<Waiting>();
  const [failure, setFailure] = useState<Failure>();
  const refresh = useCallback(async () => {
    const answer = await client.call('sockets.waiting', { socket });
    setFailure(answer.ok ? undefined : answer.error);
    if (answer.ok) setWaiting(answer.value);
  }, [client, socket]);
  useEffect(() => void refresh(), [refresh]);
  const close = () => closeDialog(services.dialogs);
  return (
    <Dialog
      title={words.title(peer || strings.socket(socket))}
      className={styles.bytesDialog}
      onClose={close}
      actions={
        <>
          <Button onClick={() => void refresh()}>{words.refresh}</Button>
          <Button variant="primary" onClick={close}>
            {strings.close}
          </Button>
        </>
      }
    >
      {waiting ? <Bytes waiting={waiting} /> : null}
      {failure ? <FailureBox failure={failure} /> : null}
    </Dialog>
  );
}

function Bytes({ waiting: { bytes, length } }: { readonly waiting: Waiting }) {
  if (length === 0) return <p role="status">{words.none}</p>;
  return (
    <>
      <p className={styles.what}>
        {bytes.length < length ? words.noteFirst(bytes.length, length) : words.note(length)}
      </p>
      <h3>{words.text}</h3>
      <pre className={styles.bytes}>{shownLines(decodeUtf8Lossy(bytes))}</pre>
      <h3>{words.hex}</h3>
      <pre className={styles.bytes}>{hexDump(bytes)}</pre>
    </>
  );
}
