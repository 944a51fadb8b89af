import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useMemo } from 'react';
import { useStore } from 'zustand/react';
import { payloadBytes } from '#shared/payload/payload.ts';
import { problemText } from '#shared/payload/problem.ts';
import { changeDraft, type Draft, draftOf, type SendOutcome } from '../../client/drafts-store.ts';
import type { EndpointTab } from '../../client/tabs-store.ts';
import { useServices } from '../../client/use-services.ts';
import { FailureBox } from '../../ui/failure-box.tsx';
import { CheckField } from '../../ui/field.tsx';
import { countOf } from '../../ui/figures.ts';
import styles from './composer.module.css';

/** How long the payload is, what is wrong with it, and what became of the last send. */
export function ComposerFoot({ tab }: { readonly tab: EndpointTab }) {
  const { drafts } = useServices();
  const draft = useStore(drafts, (state) => draftOf(state, tab.id));
  const { format, text, outcome } = draft;
  const length = useMemo(() => {
    const bytes = payloadBytes(format, text);
    return bytes.ok ? bytes.value.length : undefined;
  }, [format, text]);
  const isFramed = tab.form.framing !== 'raw' && tab.form.framing !== 'json';
  return (
    <div className={styles.foot}>
      {outcome?.failure ? (
        <FailureBox failure={outcome.failure} onDismiss={() => changeDraft(drafts, tab.id, { outcome: undefined })} />
      ) : null}
      <div className={styles.line}>
        <span>{length === undefined ? 'no bytes' : countOf(length, 'byte')}</span>
        <Verdict draft={draft} />
        {outcome && outcome.sockets > 0 ? <Outcome outcome={outcome} /> : null}
        {isFramed ? (
          <span className={styles.frame}>
            <CheckField
              label="Add framing (line end)"
              checked={draft.frame}
              onChange={(frame) => changeDraft(drafts, tab.id, { frame })}
            />
          </span>
        ) : null}
      </div>
    </div>
  );
}

function Verdict({ draft }: { readonly draft: Draft }) {
  if (draft.problem) {
    return (
      <span className={styles.problem} role="alert">
        <TriangleAlert size={13} aria-hidden />
        Not valid {draft.format.toUpperCase()}: {problemText(draft.problem)}
      </span>
    );
  }
  return draft.format === 'text' ? null : <span>valid {draft.format.toUpperCase()}</span>;
}

function Outcome({ outcome }: { readonly outcome: SendOutcome }) {
  const failed = outcome.failed > 0 ? `, ${outcome.failed} failed` : '';
  return (
    <output className={styles.sent}>
      <CircleCheck size={13} aria-hidden />
      sent {countOf(outcome.bytes, 'byte')} to {countOf(outcome.sockets, 'peer')}
      {failed}
    </output>
  );
}
