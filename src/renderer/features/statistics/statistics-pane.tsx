import { RefreshCw } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import { useStore } from 'zustand/react';
import type { SessionView } from '#shared/contract/models.ts';
import { isRawStream } from '#shared/socket/transports.ts';
import type { Flow, Pairing, Rates, Statistics } from '#shared/statistics/statistics.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { Empty, FailureBox } from '../../ui/fallback.tsx';
import paneStyles from '../../ui/pane.module.css';
import { bytesText, classes, countText, momentText } from '../../ui/text.ts';
import { RateChart, SpreadChart } from './charts.tsx';
import { hasRate, meanRate, msText, rateText, readableRates, sizeText } from './figures.ts';
import { type FlowKey, FlowsTable, flowKey } from './flows-table.tsx';
import { Figures, ReplyTimes } from './reply-times.tsx';
import styles from './statistics.module.css';
import { createPairingStore, pairingOf, StatisticsView } from './statistics-view.ts';
import { strings } from './strings.ts';
import tables from './tables.module.css';

interface StatisticsPaneProps {
  readonly tab: string;
  readonly session: SessionView;
  /** Only matching records are counted; all if it is empty. */
  readonly filter: string;
  /** Describes the filter: `of all records`. */
  readonly scope: string;
}

/** The statistics of a session, shown instead of its records. */
export function StatisticsPane({ tab, session, filter, scope }: StatisticsPaneProps) {
  const services = useServices();
  const choice = useStore(services.own(createPairingStore));
  const view = useView(session, filter, choice);
  const { statistics, answered, failure, progress, cancelled } = useStore(view.store);
  const showRecord = (seq: number) => services.traffic.request(tab, { kind: 'record', seq });
  return (
    <section className={classes(paneStyles.pane, styles.pane)} aria-label={strings.title}>
      <div className={classes(paneStyles.bar, styles.bar)}>
        <h2 className={styles.title}>{strings.title}</h2>
        <span className={styles.scope} title={scope}>
          {scope}
        </span>
        <Counting progress={progress} onCancel={() => view.cancel()} />
        <Button small disabled={progress !== undefined} onClick={() => view.refresh()}>
          <RefreshCw size={12} aria-hidden />
          {strings.refresh}
        </Button>
      </div>
      {failure ? <FailureBox failure={failure} /> : null}
      {statistics === undefined || answered === undefined ? (
        <NoStatistics cancelled={cancelled} counting={progress !== undefined} />
      ) : (
        <StatisticsSheet statistics={statistics} pairing={answered.pairing} onGo={showRecord} />
      )}
    </section>
  );
}

/** Returns the statistics of the session, and keeps them up to date with its growth, the filter and the pairing. */
function useView(session: SessionView, filter: string, choice: Parameters<typeof pairingOf>[0]): StatisticsView {
  const { client } = useServices();
  const view = useMemo(() => new StatisticsView(client, session.id), [client, session.id]);
  useEffect(() => {
    view.setShown(true);
    return () => view.setShown(false);
  }, [view]);
  useEffect(() => view.setTotal(session.total), [view, session.total]);
  useEffect(() => view.ask({ filter, pairing: pairingOf(choice) }), [view, filter, choice]);
  return view;
}

/** The progress of a count. A short count ends before it is shown. */
function Counting({ progress, onCancel }: { readonly progress: number | undefined; readonly onCancel: () => void }) {
  if (progress === undefined || progress === 0) return <span className={styles.counting} />;
  const percent = Math.floor(progress * 100);
  return (
    <span className={styles.counting}>
      <progress aria-label={strings.progress} value={percent} max={100} /> {percent} %
      <Button small variant="ghost" onClick={onCancel}>
        {strings.cancel}
      </Button>
    </span>
  );
}

function NoStatistics({ cancelled, counting }: { readonly cancelled: boolean; readonly counting: boolean }) {
  if (counting) return <Empty title={strings.calculating} />;
  return (
    <Empty title={cancelled ? strings.cancelled : strings.none}>
      <p>{strings.noneHelp}</p>
    </Empty>
  );
}

interface StatisticsSheetProps {
  readonly statistics: Statistics;
  readonly pairing: Pairing;
  /** Shows a record in the traffic. */
  readonly onGo: (seq: number) => void;
}

const byteRateText = (bytes: number) => bytesText(Math.round(bytes));

/** The figures, charts and tables. */
export function StatisticsSheet({ statistics, pairing, onGo }: StatisticsSheetProps) {
  const [selected, setSelected] = useState<FlowKey>();
  const { replies, total, flows } = statistics;
  const rates = useMemo(() => readableRates(statistics.rates), [statistics]);
  if (statistics.records === 0) {
    return (
      <Empty title={strings.noRecords}>
        <p>{strings.noRecordsHelp}</p>
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
            flow={flows.find((flow) => flowKey(flow) === selected)}
            onAll={() => setSelected(undefined)}
          />
          <ReplyTimes replies={replies} pairing={pairing} raw={statistics.sockets.some(isRawStream)} onGo={onGo} />
          <section className={styles.part} aria-label={strings.flows.title}>
            <h3>{strings.flows.title}</h3>
            <FlowsTable statistics={statistics} selected={selected} onSelect={setSelected} />
          </section>
        </>
      ) : null}
    </div>
  );
}

function RatesPart({ rates }: { readonly rates: Rates }) {
  const texts = strings.rates;
  const hasSteps = rates.messagesIn.length > 1;
  return (
    <section className={styles.part} aria-label={texts.title}>
      <div className={styles.heading}>
        <h3>{texts.title}</h3>
        <span className={styles.hint}>
          {hasSteps ? texts.steps(msText(rates.stepMs)) : texts.fewMessages(msText(rates.stepMs))}
        </span>
      </div>
      {hasSteps ? (
        <div className={styles.charts}>
          <RateChart
            title={texts.messages}
            unit={texts.unit}
            rates={rates}
            received={rates.messagesIn}
            sent={rates.messagesOut}
            text={rateText}
          />
          <RateChart
            title={texts.bytes}
            unit={texts.unit}
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
  const texts = strings.summary;
  const { records, events, problems, socketCount, firstAt, lastAt, total } = statistics;
  const ms = Math.max(0, lastAt - firstAt);
  const [received, sent] = total;
  const rate = ({ messages }: Flow) => (hasRate(messages, ms) ? `${rateText(meanRate(messages, ms))}/s` : '–');
  const byteRate = ({ messages, bytes }: Flow) => {
    if (hasRate(messages, ms)) return `${byteRateText(meanRate(bytes, ms))}/s`;
    return messages === 0 ? texts.noMessages : texts.fewMessages;
  };
  return (
    <Figures
      label={texts.label}
      figures={[
        [texts.records, countText(records), false, texts.events(events)],
        [texts.messagesIn, countText(received.messages), false, bytesText(received.bytes)],
        [texts.messagesOut, countText(sent.messages), false, bytesText(sent.bytes)],
        [texts.rateIn, rate(received), false, byteRate(received)],
        [texts.rateOut, rate(sent), false, byteRate(sent)],
        [texts.duration, msText(ms), false, texts.from(momentText(firstAt).slice(0, 19))],
        [texts.sockets, countText(socketCount)],
        [texts.problems, countText(problems), problems > 0],
      ]}
    />
  );
}

interface SpreadsProps {
  readonly total: Statistics['total'];
  /** The flow to show instead of all sockets. */
  readonly flow: Flow | undefined;
  readonly onAll: () => void;
}

function Spreads({ total, flow, onAll }: SpreadsProps) {
  const texts = strings.spread;
  const shown = flow ? [flow] : total;
  return (
    <section className={styles.part} aria-label={texts.title}>
      <div className={styles.heading}>
        <h3>{texts.title}</h3>
        <span className={styles.hint}>{flow ? texts.flow(flow.socket, flow.direction) : texts.all}</span>
        {flow ? (
          <button type="button" className={tables.record} onClick={onAll}>
            {texts.showAll}
          </button>
        ) : null}
      </div>
      <div className={styles.spreads}>
        {shown.map(({ direction, sizes }) => (
          <SpreadChart key={direction} title={texts.sizes(direction)} spread={sizes} text={sizeText} tone={direction} />
        ))}
        {shown.map(({ direction, gaps }) => (
          <SpreadChart key={direction} title={texts.gaps(direction)} spread={gaps} text={msText} tone={direction} />
        ))}
      </div>
    </section>
  );
}
