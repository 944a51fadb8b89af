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
import { countOf } from '../../ui/figures.ts';
import styles from './framing.module.css';

type Waiting = CallOutput<'sockets.waiting'>;

/** Shows the bytes of a message that is not complete yet, as text and in hex, as they were when they were asked for. */
export function WaitingBytesDialog({ socket }: { readonly socket: number }) {
  const services = useServices();
  const { client } = services;
  const peer = useLive((live) => live.sockets.get(socket)?.peer);
  const [waiting, setWaiting] = useState<Waiting>();
  const [failure, setFailure] = useState<Failure>();
  const ask = useCallback(async () => {
    const answer = await client.call('sockets.waiting', { socket });
    setFailure(answer.ok ? undefined : answer.error);
    if (answer.ok) setWaiting(answer.value);
  }, [client, socket]);
  useEffect(() => void ask(), [ask]);
  const close = () => closeDialog(services.dialogs);
  return (
    <Dialog
      title={`Bytes so far from ${peer || `socket ${socket}`}`}
      className={styles.bytesDialog}
      onClose={close}
      actions={
        <>
          <Button onClick={() => void ask()}>Refresh</Button>
          <Button variant="primary" onClick={close}>
            Close
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
  if (length === 0) return <p role="status">No bytes wait for the end of their message.</p>;
  const first = bytes.length < length ? `The first ${countOf(bytes.length, 'byte')} of ` : '';
  return (
    <>
      <p className={styles.what}>
        {`${first}${countOf(length, 'byte')} of a message that is not complete. They are recorded with its last byte.`}
      </p>
      <h3>Text</h3>
      <pre className={styles.bytes}>{shownLines(decodeUtf8Lossy(bytes))}</pre>
      <h3>Hex</h3>
      <pre className={styles.bytes}>{hexDump(bytes)}</pre>
    </>
  );
}
