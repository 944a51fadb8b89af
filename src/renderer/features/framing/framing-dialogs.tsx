import { useCallback, useEffect, useState } from 'react';
import { hexDump } from '#shared/bytes/hex.ts';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import type { CallOutput } from '#shared/contract/contract.ts';
import type { SessionView } from '#shared/contract/models.ts';
import type { Failure } from '#shared/failure.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { type BadFrame, badFrames, parseFraming } from '#shared/framing/spec.ts';
import { recordingOf } from '../../bridge/live-store.ts';
import { closeDialog } from '../../state/dialogs.ts';
import { type FramingField, framingFormOf, readFraming } from '../../state/framing-form.ts';
import { withdrawOffer } from '../../state/notices.ts';
import { formOptions } from '../../state/options.ts';
import { offerOf, type ReframeScope, reframeSession } from '../../state/reframe.ts';
import { useLive, useServices } from '../../state/services.ts';
import { frameSocket } from '../../state/socket-commands.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { OptionField } from '../../ui/option-field.tsx';
import { shownLines, shownText } from '../../ui/text.ts';
import styles from './framing.module.css';
import { FramingFields } from './framing-fields.tsx';
import { strings } from './strings.ts';

const badFrameOption = formOptions.find(({ field }) => field === 'badFrame');

/** Re-frames one live socket; the endpoint's other sockets keep their framing. */
export function FrameSocketDialog({ socket }: { readonly socket: number }) {
  const services = useServices();
  const view = useLive((live) => live.sockets.get(socket));
  const recording = useLive(recordingOf);
  const [form, setForm] = useState(() => framingFormOf(parseFraming(view?.framing ?? 'raw') ?? { kind: 'raw' }));
  const [badFrame, setBadFrame] = useState<BadFrame>(view?.badFrame ?? 'resynchronise');
  const [errors, setErrors] = useState<Partial<Record<FramingField, string>>>({});
  const [failure, setFailure] = useState<Failure>();
  const close = () => closeDialog(services.dialogs);
  const apply = async () => {
    const read = readFraming(form);
    if (!read.ok) return setErrors(read.errors);
    const framed = await frameSocket(services, socket, read.spec, badFrame);
    if (framed.ok) close();
    else setFailure(framed.error);
  };
  return (
    <Dialog
      title={strings.frameSocket.title(view?.peer || strings.socket(socket))}
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button variant="primary" onClick={() => void apply()}>
            {strings.apply}
          </Button>
        </>
      }
    >
      <p className={styles.what}>
        {strings.frameSocket.note}
        {view?.framingStopped ? strings.frameSocket.stopped : null}
      </p>
      <FramingFields
        form={form}
        errors={errors}
        recorded={recording && { session: recording.id, scope: { kind: 'socket', socket } }}
        onChange={(change) => {
          setErrors({});
          setForm({ ...form, ...change });
        }}
      />
      {badFrameOption && form.framing !== 'raw' ? (
        <OptionField
          label={badFrameOption.label}
          help={badFrameOption.help}
          kind="choice"
          choices={badFrameOption.choices}
          value={badFrame}
          onChange={(value) => setBadFrame(badFrames.find((known) => known === value) ?? badFrame)}
        />
      ) : null}
      {failure ? <FailureBox failure={failure} /> : null}
    </Dialog>
  );
}

const { waiting: waitingWords } = strings;

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
      title={waitingWords.title(peer || strings.socket(socket))}
      className={styles.bytesDialog}
      onClose={close}
      actions={
        <>
          <Button onClick={() => void refresh()}>{waitingWords.refresh}</Button>
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
  if (length === 0) return <p role="status">{waitingWords.none}</p>;
  return (
    <>
      <p className={styles.what}>
        {bytes.length < length ? waitingWords.noteFirst(bytes.length, length) : waitingWords.note(length)}
      </p>
      <h3>{waitingWords.text}</h3>
      <pre className={styles.bytes}>{shownLines(decodeUtf8Lossy(bytes))}</pre>
      <h3>{waitingWords.hex}</h3>
      <pre className={styles.bytes}>{hexDump(bytes)}</pre>
    </>
  );
}

const { reframe: reframeWords } = strings;

interface ReframeDialogProps {
  readonly session: SessionView;
  /** The socket of the record that the dialog was opened from. */
  readonly socket: number | undefined;
  /** The endpoint whose records it offers to re-frame, and its framing. */
  readonly endpoint: string | undefined;
  readonly framing: FramingSpec | undefined;
}

/** Re-frames recorded streams into a new session. */
export function ReframeDialog({ session, socket, endpoint, framing }: ReframeDialogProps) {
  const services = useServices();
  const { selection, tabs } = services;
  const [info] = useState(() => {
    const chosen = selection.getState().byTab[tabs.getState().active];
    return chosen?.session === session.id ? chosen.info : undefined;
  });
  const endpoints = useLive((live) => live.endpoints);
  const one = socket ?? (endpoint === undefined ? info?.id : undefined);
  const [kind, setKind] = useState<ReframeScope['kind']>(() =>
    socket !== undefined ? 'socket' : endpoint !== undefined ? 'endpoint' : 'all',
  );
  const [form, setForm] = useState(() =>
    framingFormOf(framing ?? parseFraming(info?.framing ?? 'line') ?? { kind: 'raw' }),
  );
  const [errors, setErrors] = useState<Partial<Record<FramingField, string>>>({});
  const { notices } = services;
  useEffect(() => {
    if (endpoint !== undefined) withdrawOffer(notices, offerOf(endpoint));
  }, [notices, endpoint]);
  const close = () => closeDialog(services.dialogs);
  const create = () => {
    const read = readFraming(form);
    if (!read.ok) return setErrors(read.errors);
    close();
    void reframeSession(services, session, read.spec, scopeOf(kind, one, endpoint));
  };
  const peer = info && info.id === one ? shownText(`${info.name} ${info.peer || info.local}`) : '';
  const name = endpoint === undefined ? '' : (endpoints.get(endpoint)?.config.name ?? '');
  const scopes: readonly (readonly [ReframeScope['kind'], string])[] = [
    ...(one === undefined ? [] : ([['socket', reframeWords.onlySocket(one, peer)]] as const)),
    ...(endpoint === undefined ? [] : ([['endpoint', reframeWords.onlyEndpoint(name)]] as const)),
    ['all', reframeWords.all],
  ];
  return (
    <Dialog
      title={reframeWords.title}
      className={styles.dialog}
      onClose={close}
      actions={
        <>
          <Button onClick={close}>{strings.cancel}</Button>
          <Button variant="primary" onClick={create}>
            {reframeWords.create}
          </Button>
        </>
      }
    >
      <p className={styles.what}>{reframeWords.note(shownText(session.name))}</p>
      {scopes.length === 1 ? null : (
        <fieldset className={styles.scope}>
          <legend>{reframeWords.streams}</legend>
          {scopes.map(([value, label]) => (
            <label key={value}>
              <input type="radio" name="streams" checked={kind === value} onChange={() => setKind(value)} />
              {label}
            </label>
          ))}
        </fieldset>
      )}
      <FramingFields
        form={form}
        errors={errors}
        recorded={{ session: session.id, scope: scopeOf(kind, one, endpoint) }}
        onChange={(change) => {
          setErrors({});
          setForm({ ...form, ...change });
        }}
      />
    </Dialog>
  );
}

function scopeOf(kind: ReframeScope['kind'], socket: number | undefined, endpoint: string | undefined): ReframeScope {
  if (kind === 'socket' && socket !== undefined) return { kind, socket };
  if (kind === 'endpoint' && endpoint !== undefined) return { kind, endpoint };
  return { kind: 'all' };
}
