import type { Pairing, ReplyTimes as Times } from '#shared/statistics/statistics.ts';
import { countOf, countText } from '../../ui/figures.ts';
import { msText } from './figures.ts';
import { Figures } from './figures-row.tsx';
import { PairingForm } from './pairing-form.tsx';
import { SpreadChart } from './spread-chart.tsx';
import styles from './statistics.module.css';

interface ReplyTimesProps {
  readonly replies: Times;
  readonly pairing: Pairing;
  /** True where some sockets have raw framing, whose records are reads and writes. */
  readonly raw: boolean;
  readonly onGo: (seq: number) => void;
}

/** How long replies took, which were the slowest, and what was not answered. */
export function ReplyTimes({ replies, pairing, raw, onGo }: ReplyTimesProps) {
  const { times, slowest, firstUnanswered, unanswered, untimed } = replies;
  const byPath = pairing.kind === 'path';
  return (
    <section className={styles.part} aria-label="Reply times">
      <div className={styles.heading}>
        <h3>Reply times</h3>
        <PairingForm />
      </div>
      <p className={styles.hint}>
        A request is what the connecting side sends.{' '}
        {byPath
          ? 'A reply has the same value at its path, on the same socket.'
          : 'The oldest request of a socket that waits gets the next reply.'}
        {!byPath && unanswered > 0
          ? ' One reply that is missing shifts all behind it: pair by path where messages carry an id.'
          : ''}
        {raw
          ? ' Some sockets have raw framing: their records are reads and writes, which need not be messages, so these times say little of them.'
          : ''}
      </p>
      <Figures
        label="Requests and replies"
        figures={[
          ['Requests', countText(replies.requests)],
          ['Replies', countText(replies.replies)],
          ['Pairs', countText(times.count)],
          ['Unanswered', countText(unanswered), unanswered > 0],
          ['Unexpected', countText(replies.unexpected), replies.unexpected > 0],
          ...(byPath
            ? ([
                ['Duplicates', countText(replies.duplicates), replies.duplicates > 0],
                ['Without a value', countText(replies.unkeyed)],
              ] as const)
            : []),
        ]}
      />
      {untimed > 0 ? (
        <p className={styles.hint}>
          Too many requests waited at once: {countOf(untimed, 'of them was', 'of them were')} not timed.
        </p>
      ) : null}
      {times.count > 0 ? (
        <div className={styles.charts}>
          <SpreadChart title="Time from request to reply" spread={times} text={msText} tone="plain" />
          <section className={styles.slowest} aria-label="Slowest replies">
            <p className={styles.caption}>
              <span className={styles.name}>Slowest</span>
            </p>
            <div className={styles.scrolls}>
              <table className={styles.table}>
                <thead>
                  <tr>
                    <th scope="col">Time</th>
                    <th scope="col">Request</th>
                    <th scope="col">Reply</th>
                  </tr>
                </thead>
                <tbody>
                  {slowest.map(({ request, reply, ms }) => (
                    <tr key={reply}>
                      <td>{msText(ms)}</td>
                      <td>
                        <RecordLink seq={request} onGo={onGo} />
                      </td>
                      <td>
                        <RecordLink seq={reply} onGo={onGo} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          </section>
        </div>
      ) : null}
      {firstUnanswered.length > 0 ? (
        <p className={styles.unanswered}>
          <span className={styles.name}>{unanswered > firstUnanswered.length ? 'First unanswered' : 'Unanswered'}</span>
          {firstUnanswered.map((seq) => (
            <RecordLink key={seq} seq={seq} onGo={onGo} />
          ))}
        </p>
      ) : null}
    </section>
  );
}

/** A record by its number: shows it in the traffic. */
function RecordLink({ seq, onGo }: { readonly seq: number; readonly onGo: (seq: number) => void }) {
  return (
    <button type="button" className={styles.record} title="Show it in the traffic" onClick={() => onGo(seq)}>
      #{countText(seq)}
    </button>
  );
}
