import { CircleCheck, RotateCcw, X } from 'lucide-react';
import { useEffect } from 'react';
import { useStore } from 'zustand/react';
import { dismissNotice, type Job, type Notice } from '../../state/notices.ts';
import { useServices } from '../../state/services.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { bytesText, countText, shownLines } from '../../ui/text.ts';
import styles from './notices.module.css';

/** The UI strings of notices and of operations in progress. */
const strings = {
  dismiss: 'Dismiss',
  cancel: 'Cancel',
  progress: (done: string, total: string) => `${done} of ${total}`,
} as const;

/** Time that a success is shown; failures stay until they are dismissed. */
const doneMs = 6_000;

/** Notices that do not belong to a pane, and the progress of long operations. */
export function Notices() {
  const { notices: store } = useServices();
  const notices = useStore(store, (state) => state.notices);
  const jobs = useStore(store, (state) => state.jobs);
  // Lasting notices have a strip above the status bar, so that they cover nothing.
  const lasting = notices.filter(({ kind }) => kind !== 'done');
  const passing = notices.filter(({ kind }) => kind === 'done');
  const card = (notice: Notice) => (
    <NoticeCard key={notice.id} notice={notice} onDismiss={() => dismissNotice(store, notice.id)} />
  );
  return (
    <>
      {lasting.length > 0 ? <div className={styles.strip}>{lasting.map(card)}</div> : null}
      <div className={styles.area}>
        {jobs.map((job) => (
          <JobCard key={job.id} job={job} />
        ))}
        {passing.map(card)}
      </div>
    </>
  );
}

function NoticeCard({ notice, onDismiss }: { readonly notice: Notice; readonly onDismiss: () => void }) {
  const { id, kind } = notice;
  const { notices: store } = useServices();
  useEffect(() => {
    if (kind !== 'done') return;
    const timer = setTimeout(() => dismissNotice(store, id), doneMs);
    return () => clearTimeout(timer);
  }, [kind, id, store]);
  if (notice.kind === 'failure') {
    return (
      <div className={styles.card}>
        <FailureBox failure={notice.failure} onDismiss={onDismiss} />
      </div>
    );
  }
  if (notice.kind === 'offer') {
    const accept = () => {
      onDismiss();
      notice.run();
    };
    return (
      <div className={styles.card} role="status">
        <div className={styles.done}>
          <RotateCcw size={14} aria-hidden className={styles.offered} />
          <span className={styles.text}>
            {shownLines(notice.text)}
            <span className={styles.detail}>{shownLines(notice.detail)}</span>
          </span>
          <Button small onClick={accept}>
            {notice.label}
          </Button>
          <IconButton label={strings.dismiss} small onClick={onDismiss}>
            <X size={14} aria-hidden />
          </IconButton>
        </div>
      </div>
    );
  }
  return (
    <div className={styles.card} role="status">
      <div className={styles.done}>
        <CircleCheck size={14} aria-hidden className={styles.check} />
        <span className={styles.text}>
          {shownLines(notice.text)}
          {notice.detail ? <span className={styles.detail}>{shownLines(notice.detail)}</span> : null}
        </span>
        <IconButton label={strings.dismiss} small onClick={onDismiss}>
          <X size={14} aria-hidden />
        </IconButton>
      </div>
    </div>
  );
}

function JobCard({ job }: { readonly job: Job }) {
  const figure = job.unit === 'bytes' ? bytesText : countText;
  // Unknown before the first progress and for data read from a pipe.
  const isKnown = job.total > 0;
  return (
    <div className={styles.card}>
      <div className={styles.job}>
        <span className={styles.text}>{job.label}</span>
        <span className={styles.figure}>
          {isKnown ? strings.progress(figure(job.done), figure(job.total)) : job.done > 0 ? figure(job.done) : ''}
        </span>
        {job.cancel ? (
          <Button small onClick={job.cancel}>
            {strings.cancel}
          </Button>
        ) : null}
        <progress
          className={styles.progress}
          aria-label={job.label}
          {...(isKnown && { value: Math.min(1, job.done / job.total) })}
          max={1}
        />
      </div>
    </div>
  );
}
