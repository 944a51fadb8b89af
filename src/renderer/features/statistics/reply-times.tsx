import { type FormEvent, useState } from 'react';
import { useStore } from 'zustand/react';
import type { Pairing, ReplyTimes as Times } from '#shared/statistics/statistics.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Segmented } from '../../ui/choices.tsx';
import { TextField } from '../../ui/field.tsx';
import { classes, countText } from '../../ui/text.ts';
import { SpreadChart } from './charts.tsx';
import { msText } from './figures.ts';
import styles from './statistics.module.css';
import { createPairingStore, selectPairing } from './statistics-view.ts';
import { strings } from './strings.ts';
import tables from './tables.module.css';

/** A name, its value, whether it is a warning, and a detail below it. */
type Figure = readonly [name: string, value: string, warns?: boolean, below?: string];

/** Figures in a row. */
export function Figures({ label, figures }: { readonly label: string; readonly figures: readonly Figure[] }) {
  return (
    <dl className={styles.row} aria-label={label}>
      {figures.map(([name, value, warns = false, below = '']) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className={classes(styles.figure, warns && styles.warns)}>{value}</dd>
          {below === '' ? null : <dd className={styles.below}>{below}</dd>}
        </div>
      ))}
    </dl>
  );
}

const texts = strings.replies;

const kinds = [
  { value: 'order', label: texts.pairByOrder },
  { value: 'path', label: texts.pairByPath },
] as const;

/** Selects how replies are paired with requests. Paths take effect when the user submits them. */
function PairingForm() {
  const store = useServices().own(createPairingStore);
  const pairing = useStore(store);
  const [request, setRequest] = useState(pairing.request);
  const [reply, setReply] = useState(pairing.reply);
  const apply = (event: FormEvent) => {
    event.preventDefault();
    selectPairing(store, { kind: 'path', request, reply });
  };
  return (
    <form className={tables.pairing} onSubmit={apply}>
      <Segmented
        label={texts.pairReplies}
        value={pairing.kind}
        options={kinds}
        onChange={(kind) => selectPairing(store, { kind, request, reply })}
      />
      {pairing.kind === 'path' ? (
        <>
          <TextField
            label={texts.requestPath}
            hideLabel
            mono
            className={tables.path}
            placeholder={texts.pathExample}
            value={request}
            onChange={setRequest}
          />
          <TextField
            label={texts.replyPath}
            hideLabel
            mono
            className={tables.path}
            placeholder={request || texts.samePath}
            value={reply}
            onChange={setReply}
          />
          <Button small type="submit" disabled={request.trim() === ''}>
            {texts.pair}
          </Button>
        </>
      ) : null}
    </form>
  );
}

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
          <section className={tables.slowest} aria-label={texts.slowestLabel}>
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
        <p className={tables.unanswered}>
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
