import { CircleCheck, CircleSlash } from 'lucide-react';
import type { JobView } from '#shared/contract/jobs/catalogue.ts';
import styles from './composer.module.css';
import { strings } from './strings.ts';

const texts = strings.repeat;

/** How often the payload was sent by a repeated send that has ended. */
export function RepeatResult({ job }: { readonly job: JobView }) {
  const { state, sent, failed, elapsedMs } = job;
  const elapsed = texts.seconds(elapsedMs);
  if (state !== 'done') {
    return (
      <output className={styles.sent}>
        <CircleSlash size={13} aria-hidden />
        {texts.stopped(sent, elapsed)}
      </output>
    );
  }
  return (
    <output className={styles.sent}>
      <CircleCheck size={13} aria-hidden />
      {failed > 0 ? texts.doneExcept(sent, failed, elapsed) : texts.done(sent, elapsed)}
    </output>
  );
}
