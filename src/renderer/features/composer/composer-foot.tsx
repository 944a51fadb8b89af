import { CircleCheck, CircleSlash, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand/react';
import { parseFraming } from '#shared/framing/spec.ts';
import { payloadLength } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { changeDraft, draftOf, type SendOutcome } from '../../client/drafts-store.ts';
import { clearJob, repeatOf } from '../../client/repeat-command.ts';
import type { EndpointTab } from '../../client/tabs-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { FailureBox } from '../../ui/failure-box.tsx';
import { CheckField } from '../../ui/field.tsx';
import styles from './composer.module.css';
import { maxShownColumn, type TextScale } from './editor-scale.ts';
import { framingHint, targetFramings, unframeableText } from './framing-hint.ts';
import { RepeatResult } from './repeat-result.tsx';
import { SendProgress } from './send-progress.tsx';
import { strings } from './strings.ts';
import type { Problems } from './use-problems.ts';
import { Verdict } from './verdict.tsx';
import { WrittenAs } from './written-as.tsx';

const texts = strings.status;

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
