import { CircleCheck, CircleSlash, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand/react';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { addedBy, encodeMessage, formatFraming, parseFraming } from '#shared/framing/spec.ts';
import { byteOrderMark, type LineEnd, lineEndOf, withByteOrderMark, withLineEnd } from '#shared/payload/line-ends.ts';
import { type PayloadFormat, payloadBytes, payloadLength } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { abilitiesOf } from '#shared/socket/transports.ts';
import type { LiveState } from '../../bridge/live-store.ts';
import { changeDraft, type Draft, draftOf, type Sending, type SendOutcome } from '../../state/drafts.ts';
import type { EndpointForm } from '../../state/form-fields.ts';
import { type FramingForm, framingFormOf, readFraming } from '../../state/framing-form.ts';
import { type Services, useLive, useServices } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { EncodingField, LineEndField } from '../../ui/exact-text-field.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { CheckField } from '../../ui/field.tsx';
import styles from './composer.module.css';
import { maxShownColumn, type TextScale } from './editor-scale.ts';
import { OneShotStatus, oneShotOf } from './one-shot.tsx';
import { type Problems, Verdict } from './problems.tsx';
import { RepeatStatus } from './repeat.tsx';
import { cancelSend, clearJob, repeatOf, targetsOf } from './send-command.ts';
import { strings } from './strings.ts';

const texts = strings.status;

interface SendProgressProps {
  readonly tab: string;
  readonly sending: Sending;
}

/** The progress of a send to all its sockets, and the Cancel button. */
function SendProgress({ tab, sending }: SendProgressProps) {
  const services = useServices();
  const { done, total } = sending;
  return (
    <span className={styles.progress}>
      <progress aria-label={texts.progress} max={Math.max(total, 1)} value={total > 0 ? done : undefined} />
      <span>{total > 0 ? texts.sentOf(done, total) : texts.sending}</span>
      <Button small onClick={() => void cancelSend(services, tab)}>
        {texts.cancel}
      </Button>
    </span>
  );
}

/** Returns the line end of a draft: that of its lines or, if it has only one line, the one that Enter inserts. */
function shownLineEnd({ text, lineEnd }: Pick<Draft, 'text' | 'lineEnd'>): LineEnd | 'mixed' {
  return lineEndOf(text) ?? lineEnd;
}

function hasByteOrderMark({ text }: Pick<Draft, 'text'>): boolean {
  return text.startsWith(byteOrderMark);
}

/** Changes all line ends of a tab's draft to `lineEnd`, and uses it for new lines. */
function selectLineEnd(services: Services, tab: string, lineEnd: LineEnd): void {
  const { text } = draftOf(services.drafts.getState(), tab);
  rewrite(services, tab, { text: withLineEnd(text, lineEnd), lineEnd });
}

/** Adds a byte order mark to a tab's draft, or removes it. */
function selectByteOrderMark(services: Services, tab: string, hasMark: boolean): void {
  const { text } = draftOf(services.drafts.getState(), tab);
  rewrite(services, tab, { text: withByteOrderMark(text, hasMark) });
}

/** Changes line ends or byte order mark as an edit that can be undone. */
function rewrite(
  { drafts }: Services,
  tab: string,
  change: Pick<Draft, 'text'> & Partial<Pick<Draft, 'lineEnd'>>,
): void {
  const before = draftOf(drafts.getState(), tab);
  const isSame = change.text === before.text;
  const edit = isSame ? {} : { changed: true, outcome: undefined, revision: before.revision + 1 };
  changeDraft(drafts, tab, { ...change, ...edit });
}

/** The fields for the line ends and the encoding with which a payload is sent. */
function WrittenAs({ tab, draft }: { readonly tab: string; readonly draft: Draft }) {
  const services = useServices();
  const { text, lineEnd } = draft;
  const shown = useMemo(() => shownLineEnd({ text, lineEnd }), [text, lineEnd]);
  return (
    <>
      <LineEndField
        className={styles.written}
        mixedTitle={strings.status.mixedLineEnds}
        value={shown}
        onChange={(next) => selectLineEnd(services, tab, next)}
      />
      <EncodingField
        className={styles.written}
        hasMark={hasByteOrderMark(draft)}
        onChange={(next) => selectByteOrderMark(services, tab, next)}
      />
    </>
  );
}

interface ComposerFootProps {
  readonly tab: EndpointTab;
  /** The size class of the text, which limits the editor's features. */
  readonly scale: TextScale;
  readonly problems: Problems;
  /** Moves the cursor to a problem in the editor. */
  readonly onGo: (problem: Problem) => void;
}

/** The length and the problems of the payload, and the progress or the result of the last send. */
export function ComposerFoot({ tab, scale, problems, onGo }: ComposerFootProps) {
  const services = useServices();
  const { drafts } = services;
  const draft = useStore(drafts, (state) => draftOf(state, tab.id));
  const framings = useLive((live) => targetFramings(live, tab.endpoint, draft));
  const repeat = useLive((live) => repeatOf(live, tab.endpoint));
  const { format, text, outcome, file, sending, frame } = draft;
  const length = useMemo(() => payloadLength(format, text), [format, text]);
  const hint = useMemo(() => {
    const specs = framings.split('\n').flatMap((text) => parseFraming(text) ?? []);
    return framingHint(tab.form, specs);
  }, [tab.form, framings]);
  const unframeable = useMemo(
    () => (hint && frame && !file ? unframeableText(hint.specs, format, text) : ''),
    [hint, frame, format, text, file],
  );
  return (
    <div className={styles.foot}>
      {outcome?.failure ? (
        <FailureBox failure={outcome.failure} onDismiss={() => changeDraft(drafts, tab.id, { outcome: undefined })} />
      ) : null}
      <JobFailures endpoint={tab.endpoint} />
      <div className={styles.line}>
        {file ? (
          <span>{texts.file}</span>
        ) : (
          <>
            <span>{length === undefined ? texts.noBytes : texts.size(length)}</span>
            {scale === 'huge' ? <span title={texts.unwrappedHelp(maxShownColumn)}>{texts.unwrapped}</span> : null}
            <Verdict tab={tab.id} draft={draft} problems={problems} onGo={onGo} />
          </>
        )}
        {unframeable === '' ? null : (
          <span className={styles.problem} role="alert">
            <TriangleAlert size={13} aria-hidden />
            {unframeable}
          </span>
        )}
        {sending ? <SendProgress tab={tab.id} sending={sending} /> : null}
        {outcome && (outcome.sockets > 0 || outcome.cancelled) ? <Outcome outcome={outcome} /> : null}
        {repeat && (repeat.state === 'running' || (!sending && !outcome)) ? <RepeatStatus job={repeat} /> : null}
        <OneShotStatus endpoint={tab.endpoint} hidesEnded={Boolean(sending ?? outcome)} />
        <span className={styles.end}>
          {hint ? (
            <CheckField
              label={texts.addFraming(hint.adds)}
              checked={frame}
              onChange={(next) => changeDraft(drafts, tab.id, { frame: next })}
            />
          ) : null}
          {file || format === 'hex' ? null : <WrittenAs tab={tab.id} draft={draft} />}
        </span>
      </div>
    </div>
  );
}

/** Why the last jobs of an endpoint have failed. */
function JobFailures({ endpoint }: { readonly endpoint: string | undefined }) {
  const services = useServices();
  const repeat = useLive((live) => repeatOf(live, endpoint));
  const oneShot = useLive((live) => oneShotOf(live, endpoint));
  return [repeat, oneShot].map((job) =>
    job?.error ? (
      <FailureBox key={job.id} failure={job.error} onDismiss={() => void clearJob(services, job.id)} />
    ) : null,
  );
}

function Outcome({ outcome }: { readonly outcome: SendOutcome }) {
  const { sockets, bytes, failed, cancelled } = outcome;
  if (cancelled) {
    return (
      <output className={styles.sent}>
        <CircleSlash size={13} aria-hidden />
        {sockets > 0 ? texts.cancelledAfter(bytes, sockets) : texts.cancelled(bytes)}
      </output>
    );
  }
  return (
    <output className={styles.sent}>
      <CircleCheck size={13} aria-hidden />
      {failed > 0 ? texts.sentExcept(bytes, sockets, failed) : texts.sent(bytes, sockets)}
    </output>
  );
}

interface FramingHint {
  /** The framings of the target peers. */
  readonly specs: readonly FramingSpec[];
  /** Describes what the framing adds: `4-byte length prefix`. */
  readonly adds: string;
}

/**
 * Returns what the framing adds to a sent message; `undefined` if it adds nothing. `targets` are the distinct framings of
 * the target peers; if empty, the framing of `form` applies.
 */
function framingHint(form: EndpointForm, targets: readonly FramingSpec[]): FramingHint | undefined {
  if (abilitiesOf(form.transport).messageOriented) return undefined;
  const forms: readonly FramingForm[] = targets.length === 0 ? [form] : targets.map(framingFormOf);
  const framed = forms.flatMap((framing) => {
    const read = readFraming(framing);
    const adds = read.ok ? addedBy(read.spec) : '';
    return read.ok && adds !== '' ? [{ spec: read.spec, adds }] : [];
  });
  const [first] = framed;
  if (!first) return undefined;
  return {
    specs: framed.map(({ spec }) => spec),
    adds: forms.length === 1 ? first.adds : strings.status.perPeer,
  };
}

/** Returns the distinct framings of the sockets to which a draft is sent, one per line; empty if there is no endpoint. */
function targetFramings(
  live: Pick<LiveState, 'endpoints' | 'sockets'>,
  endpoint: string | undefined,
  draft: Pick<Draft, 'target'>,
): string {
  const view = endpoint === undefined ? undefined : live.endpoints.get(endpoint);
  if (!view) return '';
  const framings = new Set<string>();
  for (const id of targetsOf(live, view, draft)) framings.add(live.sockets.get(id)?.framing ?? '');
  if (framings.size === 0) framings.add(formatFraming(view.config.framing));
  return [...framings].join('\n');
}

/** Longer messages are checked when they are sent, not at each keystroke. */
const maxTyped = 65_536;

/** Returns why one of the framings cannot encode the payload `text`; empty if all can. */
function unframeableText(specs: readonly FramingSpec[], format: PayloadFormat, text: string): string {
  if (text.length > maxTyped) return '';
  const body = payloadBytes(format, text);
  if (!body.ok) return '';
  for (const spec of specs) {
    const encoded = encodeMessage(spec, body.value);
    if (isUnframeable(encoded)) return encoded.problem;
  }
  return '';
}
