import { CircleCheck, CircleSlash, History, TriangleAlert } from 'lucide-react';
import { useStore } from 'zustand/react';
import type { Problem } from '#shared/payload/problem.ts';
import { showDialog } from '../../state/dialogs.ts';
import { changeDraft, type Draft, draftOf, type Sending, type SendOutcome } from '../../state/drafts.ts';
import { useLive, useServices } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { CheckField } from '../../ui/field.tsx';
import styles from './composer.module.css';
import { maxShownColumn, type TextScale } from './editor-scale.ts';
import { ExactButton } from './exact-button.tsx';
import { useMessageSize } from './framing-hint.ts';
import { createHexMode, toggleHexMode } from './hex-mode.ts';
import { OneShotStatus, oneShotOf } from './one-shot.tsx';
import { type Problems, SecretWarning, Verdict } from './problems.tsx';
import { RepeatStatus } from './repeat.tsx';
import { cancelSend, clearJob, repeatOf } from './send-command.ts';
import { strings } from './strings.ts';
import { PayloadSwitches, TemplateOffer } from './written-as.tsx';

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
  const repeat = useLive((live) => repeatOf(live, tab.endpoint));
  const { outcome, file, sending } = draft;
  const { hint, framed, framing } = useMessageSize(tab, draft, problems.written);
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
            <ExactButton
              tab={tab}
              draft={draft}
              framing={framing}
              size={framed ? texts.size(framed.length) : texts.noBytes}
            />
            {scale === 'huge' ? <span title={texts.unwrappedHelp(maxShownColumn)}>{texts.unwrapped}</span> : null}
            <Verdict tab={tab.id} draft={draft} problems={problems} onGo={onGo} />
            <SecretWarning tab={tab} written={problems.written} />
            <TemplateOffer tab={tab.id} draft={draft} />
            {draft.format === 'hex' ? <HexModeButton /> : null}
          </>
        )}
        <FramingProblem text={framed?.problem ?? ''} />
        {sending ? <SendProgress tab={tab.id} sending={sending} /> : null}
        {outcome && (outcome.sockets > 0 || outcome.cancelled) ? <Outcome outcome={outcome} /> : null}
        {repeat && (repeat.state === 'running' || (!sending && !outcome)) ? <RepeatStatus job={repeat} /> : null}
        <OneShotStatus endpoint={tab.endpoint} hidesEnded={Boolean(sending ?? outcome)} />
        <span className={styles.end}>
          {hint ? <FramingSwitch tab={tab.id} draft={draft} adds={hint.adds} /> : null}
          {file ? null : <PayloadSwitches tab={tab.id} draft={draft} />}
          <IconButton
            small
            label={texts.history}
            hint={texts.historyKeys}
            onClick={() => showDialog(services.dialogs, { kind: 'sent-messages', tab: tab.id })}
          >
            <History size={14} aria-hidden />
          </IconButton>
        </span>
      </div>
    </div>
  );
}

/** Whether typed digits are inserted or overwrite others; pressing it changes that. */
function HexModeButton() {
  const mode = useServices().own(createHexMode);
  const overwrites = useStore(mode, (state) => state.overwrites);
  return (
    <Button small title={texts.hexModeHelp} aria-pressed={overwrites} onClick={() => toggleHexMode(mode)}>
      {overwrites ? texts.overwrites : texts.inserts}
    </Button>
  );
}

interface FramingSwitchProps {
  readonly tab: string;
  readonly draft: Draft;
  /** What the framing adds. */
  readonly adds: string;
}

/** Whether framing is added to what is sent; says if it is the framing of the payload. */
function FramingSwitch({ tab, draft: { frame, framing, file }, adds }: FramingSwitchProps) {
  const { drafts } = useServices();
  const isOwn = framing !== undefined && !file;
  return (
    <span title={isOwn ? texts.ownFramingHelp : undefined}>
      <CheckField
        label={isOwn ? texts.addOwnFraming(adds) : texts.addFraming(adds)}
        checked={frame}
        onChange={(next) => changeDraft(drafts, tab, { frame: next })}
      />
    </span>
  );
}

/** Why the framing cannot contain the payload, if it cannot. */
function FramingProblem({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <span className={styles.problem} role="alert">
      <TriangleAlert size={13} aria-hidden />
      {text}
    </span>
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
