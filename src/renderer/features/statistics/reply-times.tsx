import type { Pairing, ReplyTimes as Times } from '#shared/statistics/statistics.ts';
import { countText } from '../../ui/figures.ts';
import { msText } from './figures.ts';
import { Figures } from './figures-row.tsx';
import { PairingForm } from './pairing-form.tsx';
import { SpreadChart } from './spread-chart.tsx';
import styles from './statistics.module.css';
import { strings } from './strings.ts';
import tables from './tables.module.css';

const texts = strings.replies;

interface ReplyTimesProps {
  readonly replies: Times;
  readonly pairing: Pairing;
  /** True if some sockets have no framing: their records are reads and writes. */
  readonly raw: boolean;
  readonly onGo: (seq: number) => void;
}

/** The reply times, the slowest replies, and the unanswered requests. */
export function ReplyTimes({ replies, pairing, raw, onGo }: ReplyTimesProps) {
  const { times, slowest, firstUnanswered, unanswered, untimed } = replies;
  const byPath = pairing.kind === 'path';
  return (
    <section className={styles.part} aria-label={texts.title}>
      <div className={styles.heading}>
        <h3>{texts.title}</h3>
        <PairingForm />
      </div>
      <p className={styles.hint}>
        {texts.request} {byPath ? texts.byPath : texts.byOrder}
        {!byPath && unanswered > 0 ? ` ${texts.shifted}` : ''}
        {raw ? ` ${texts.raw}` : ''}
      </p>
      <Figures
        label={texts.label}
        figures={[
          [texts.requests, countText(replies.requests)],
          [texts.replies, countText(replies.replies)],
          [texts.pairs, countText(times.count)],
          [texts.unanswered, countText(unanswered), unanswered > 0],
          [texts.unexpected, countText(replies.unexpected), replies.unexpected > 0],
          ...(byPath
            ? ([
                [texts.duplicates, countText(replies.duplicates), replies.duplicates > 0],
                [texts.unkeyed, countText(replies.unkeyed)],
              ] as const)
            : []),
        ]}
      />
      {untimed > 0 ? <p className={styles.hint}>{texts.untimed(untimed)}</p> : null}
      {times.count > 0 ? (
        <div className={styles.charts}>
          <SpreadChart title={texts.times} spread={times} text={msText} tone="plain" />
          <section className={styles.slowest} aria-label={texts.slowestLabel}>
            <p className={styles.caption}>
              <span className={styles.name}>{texts.slowest}</span>
            </p>
            <div className={tables.scrolls}>
              <table className={tables.table}>
                <thead>
                  <tr>
                    <th scope="col">{texts.time}</th>
                    <th scope="col">{texts.requestColumn}</th>
                    <th scope="col">{texts.replyColumn}</th>
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
          <span className={styles.name}>
            {unanswered > firstUnanswered.length ? texts.firstUnanswered : texts.unanswered}
          </span>
          {firstUnanswered.map((seq) => (
            <RecordLink key={seq} seq={seq} onGo={onGo} />
          ))}
        </p>
      ) : null}
    </section>
  );
}

/** The number of a record; selecting it shows the record in the traffic. */
function RecordLink({ seq, onGo }: { readonly seq: number; readonly onGo: (seq: number) => void }) {
  return (
    <button type="button" className={tables.record} title={strings.showRecord} onClick={() => onGo(seq)}>
      {texts.record(seq)}
    </button>
  );
}
