import { CircleCheck, CircleSlash, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand/react';
import { parseFraming } from '#shared/framing/spec.ts';
import { payloadLength } from '#shared/payload/payload.ts';
import type { Problem } from '#shared/payload/problem.ts';
import { changeDraft, draftOf, type SendOutcome } from '../../client/drafts-store.ts';
import type { EndpointTab } from '../../client/tabs-store.ts';
import { useLive, useServices } from '../../client/use-services.ts';
import { FailureBox } from '../../ui/failure-box.tsx';
import { CheckField } from '../../ui/field.tsx';
import { countOf, countText } from '../../ui/figures.ts';
import styles from './composer.module.css';
import { maxShownColumn, type TextScale } from './editor-scale.ts';
import { framingHint, targetFramings, unframeableText } from './framing-hint.ts';
import { SendProgress } from './send-progress.tsx';
import type { Problems } from './use-problems.ts';
import { Verdict } from './verdict.tsx';
import { WrittenAs } from './written-as.tsx';

interface ComposerFootProps {
  readonly tab: EndpointTab;
  /** How long the text is for the editor. */
  readonly scale: TextScale;
  readonly problems: Problems;
  /** Shows the place of a problem in the editor. */
  readonly onGo: (problem: Problem) => void;
}

const plainTitle = `A long text is shown without colours, and of each line the first ${countText(maxShownColumn)} characters. All of it is sent.`;

/** How long the payload is, what is wrong with it, how far a send is, and what became of the last one. */
export function ComposerFoot({ tab, scale, problems, onGo }: ComposerFootProps) {
  const { drafts } = useServices();
  const draft = useStore(drafts, (state) => draftOf(state, tab.id));
  const framings = useLive((live) => targetFramings(live, tab.endpoint, draft));
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
      <div className={styles.line}>
        {file ? (
          <span>the file is sent as it is, however large</span>
        ) : (
          <>
            <span>{length === undefined ? 'no bytes' : countOf(length, 'byte')}</span>
            {scale === 'huge' ? <span title={plainTitle}>lines are not wrapped</span> : null}
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
        <span className={styles.end}>
          {hint ? (
            <CheckField
              label={`Add framing (${hint.adds})`}
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
    const whole = sockets > 0 ? `; ${countOf(sockets, 'peer')} got all of it` : '';
    return (
      <output className={styles.sent}>
        <CircleSlash size={13} aria-hidden />
        cancelled after {countOf(bytes, 'byte')}
        {whole}
      </output>
    );
  }
  return (
    <output className={styles.sent}>
      <CircleCheck size={13} aria-hidden />
      sent {countOf(bytes, 'byte')} to {countOf(sockets, 'peer')}
      {failed > 0 ? `, ${failed} failed` : ''}
    </output>
  );
}
