import { CircleCheck, CircleSlash, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand/react';
import { parseFraming } from '#shared/framing/spec.ts';
import { byteOrderMark, type LineEnd, lineEndOf, withByteOrderMark, withLineEnd } from '#shared/payload/line-ends.ts';
import { payloadLength } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { changeDraft, type Draft, draftOf, type Sending, type SendOutcome } from '../../state/drafts.ts';
import { type Services, useLive, useServices } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { Button } from '../../ui/button.tsx';
import { EncodingField, LineEndField } from '../../ui/exact-text-field.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { CheckField } from '../../ui/field.tsx';
import styles from './composer.module.css';
import { maxShownColumn, type TextScale } from './editor-scale.ts';
import { framingHint, targetFramings, unframeableText } from './framing-hint.ts';
import { type Problems, Verdict } from './problems.tsx';
import { clearJob, repeatOf } from './repeat-command.ts';
import { RepeatResult } from './repeat-result.tsx';
import { cancelSend } from './send-command.ts';
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
      {repeat?.error ? (
        <FailureBox failure={repeat.error} onDismiss={() => void clearJob(services, repeat.id)} />
      ) : null}
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
        {repeat && repeat.state !== 'running' && !sending && !outcome ? <RepeatResult job={repeat} /> : null}
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
