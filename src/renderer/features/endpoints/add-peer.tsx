import { UserPlus } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import type { EndpointView } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import { addPeer } from '../../client/live-commands.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/failure-box.tsx';
import { TextField } from '../../ui/field.tsx';
import { Popover } from '../../ui/popover.tsx';
import styles from './address-bar.module.css';
import { strings } from './strings.ts';

const { addPeer: words } = strings;

/** A button with a form that adds a UDP peer which has not sent anything yet. */
export function AddPeer({ view }: { readonly view: EndpointView }) {
  const anchor = useRef<HTMLButtonElement>(null);
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        ref={anchor}
        small
        variant="ghost"
        aria-haspopup="dialog"
        aria-expanded={open}
        title={words.help}
        onClick={() => setOpen(true)}
      >
        <UserPlus size={13} aria-hidden /> {words.open}
      </Button>
      <Popover open={open} onClose={() => setOpen(false)} anchor={anchor} align="end" label={words.title}>
        <PeerForm view={view} onDone={() => setOpen(false)} />
      </Popover>
    </>
  );
}

function PeerForm({ view, onDone }: { readonly view: EndpointView; readonly onDone: () => void }) {
  const services = useServices();
  const first = useRef<HTMLInputElement>(null);
  useEffect(() => first.current?.focus(), []);
  const [host, setHost] = useState('127.0.0.1');
  const [port, setPort] = useState('');
  const [error, setError] = useState('');
  const [failure, setFailure] = useState<Failure>();
  const add = async () => {
    const number = /^\d{1,5}$/.test(port.trim()) ? Number(port) : 0;
    if (number < 1 || number > 65_535) return setError(words.portError);
    const added = await addPeer(services, view, host, number);
    if (added.ok) onDone();
    else setFailure(added.error);
  };
  return (
    <form
      className={styles.addPeer}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <div className={styles.addPeerFields}>
        <TextField label={words.host} mono ref={first} value={host} onChange={setHost} />
        <TextField
          label={words.port}
          mono
          inputMode="numeric"
          value={port}
          error={error}
          onChange={(value) => {
            setError('');
            setPort(value);
          }}
        />
      </div>
      <p className={styles.help}>{words.note}</p>
      {failure ? <FailureBox failure={failure} /> : null}
      <Button type="submit" variant="primary">
        {words.add}
      </Button>
    </form>
  );
}
