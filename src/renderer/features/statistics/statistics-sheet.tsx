import { useMemo, useState } from 'react';
import { isRawStream } from '#shared/socket/transports.ts';
import type { Flow, Pairing, Rates, Statistics } from '#shared/statistics/statistics.ts';
import { Empty } from '../../ui/empty.tsx';
import { bytesText, countText, momentText } from '../../ui/figures.ts';
import { hasRate, meanRate, msText, rateText, readableRates, sizeText } from './figures.ts';
import { Figures } from './figures-row.tsx';
import { type FlowKey, FlowsTable, flowKey } from './flows-table.tsx';
import { RateChart } from './rate-chart.tsx';
import { ReplyTimes } from './reply-times.tsx';
import { SpreadChart } from './spread-chart.tsx';
import styles from './statistics.module.css';

interface StatisticsSheetProps {
  readonly statistics: Statistics;
  readonly pairing: Pairing;
  /** Shows a record in the traffic. */
  readonly onGo: (seq: number) => void;
}

const byteRateText = (bytes: number) => bytesText(Math.round(bytes));

/** The figures, charts and tables. */
export function StatisticsSheet({ statistics, pairing, onGo }: StatisticsSheetProps) {
  const [chosen, setChosen] = useState<FlowKey>();
  const { replies, total, flows } = statistics;
  const rates = useMemo(() => readableRates(statistics.rates), [statistics]);
  if (statistics.records === 0) {
    return (
      <Empty title="There is nothing to count">
        <p>Rates, sizes and reply times appear here once there are records, or once the filter lets some through.</p>
      </Empty>
    );
  }
  const hasMessages = total[0].messages + total[1].messages > 0;
  return (
    <div className={styles.sheet}>
      <Summary statistics={statistics} />
      {hasMessages ? (
        <>
          <RatesPart rates={rates} />
          <Spreads
            total={total}
            flow={flows.find((flow) => flowKey(flow) === chosen)}
            onAll={() => setChosen(undefined)}
          />
          <ReplyTimes replies={replies} pairing={pairing} raw={statistics.sockets.some(isRawStream)} onGo={onGo} />
          <section className={styles.part} aria-label="Sockets">
            <h3>Sockets and directions</h3>
            <FlowsTable statistics={statistics} chosen={chosen} onChoose={setChosen} />
          </section>
        </>
      ) : null}
    </div>
  );
}

function RatesPart({ rates }: { readonly rates: Rates }) {
  const hasSteps = rates.messagesIn.length > 1;
  return (
    <section className={styles.part} aria-label="Rates">
      <div className={styles.heading}>
        <h3>Rates</h3>
        <span className={styles.hint}>
          {hasSteps
            ? `in steps of ${msText(rates.stepMs)}; drag to zoom, double-click to go back`
            : `Too few messages for a chart: all of them are within ${msText(rates.stepMs)}.`}
        </span>
      </div>
      {hasSteps ? (
        <div className={styles.charts}>
          <RateChart
            title="Messages a second"
            unit="/s"
            rates={rates}
            received={rates.messagesIn}
            sent={rates.messagesOut}
            text={rateText}
          />
          <RateChart
            title="Bytes a second"
            unit="/s"
            rates={rates}
            received={rates.bytesIn}
            sent={rates.bytesOut}
            text={byteRateText}
          />
        </div>
      ) : null}
    </section>
  );
}

function Summary({ statistics }: { readonly statistics: Statistics }) {
  const { records, events, problems, socketCount, firstAt, lastAt, total } = statistics;
  const ms = Math.max(0, lastAt - firstAt);
  const [received, sent] = total;
  const rate = ({ messages }: Flow) => (hasRate(messages, ms) ? `${rateText(meanRate(messages, ms))}/s` : '–');
  const byteRate = ({ messages, bytes }: Flow) => {
    if (hasRate(messages, ms)) return `${byteRateText(meanRate(bytes, ms))}/s`;
    return messages === 0 ? 'no messages' : 'too few messages';
  };
  return (
    <Figures
      label="Summary"
      figures={[
        ['Records', countText(records), false, `${countText(events)} of them events`],
        ['Messages in', countText(received.messages), false, bytesText(received.bytes)],
        ['Messages out', countText(sent.messages), false, bytesText(sent.bytes)],
        ['Mean rate in', rate(received), false, byteRate(received)],
        ['Mean rate out', rate(sent), false, byteRate(sent)],
        ['Duration', msText(ms), false, `from ${momentText(firstAt).slice(0, 19)}`],
        ['Sockets', countText(socketCount)],
        ['Problems', countText(problems), problems > 0],
      ]}
    />
  );
}

interface SpreadsProps {
  readonly total: Statistics['total'];
  /** Its sizes and gaps instead of those of all sockets. */
  readonly flow: Flow | undefined;
  readonly onAll: () => void;
}

function Spreads({ total, flow, onAll }: SpreadsProps) {
  const shown = flow ? [flow] : total;
  return (
    <section className={styles.part} aria-label="Sizes and gaps">
      <div className={styles.heading}>
        <h3>Sizes and gaps</h3>
        <span className={styles.hint}>
          {flow
            ? `of socket ${flow.socket}, ${flow.direction}`
            : 'of all sockets together; choose a line below for one'}
        </span>
        {flow ? (
          <button type="button" className={styles.record} onClick={onAll}>
            Show all sockets
          </button>
        ) : null}
      </div>
      <div className={styles.spreads}>
        {shown.map(({ direction, sizes }) => (
          <SpreadChart key={direction} title={`Sizes ${direction}`} spread={sizes} text={sizeText} tone={direction} />
        ))}
        {shown.map(({ direction, gaps }) => (
          <SpreadChart key={direction} title={`Gaps ${direction}`} spread={gaps} text={msText} tone={direction} />
        ))}
      </div>
    </section>
  );
}
