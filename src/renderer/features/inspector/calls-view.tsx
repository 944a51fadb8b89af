import { ChevronDown, ChevronUp } from 'lucide-react';
import { type KeyboardEvent, useId, useState } from 'react';
import { duration } from '#shared/bytes/units.ts';
import { callEntry } from '#shared/calls/call-catalogue.ts';
import { callSentence, resultText } from '#shared/calls/call-sentence.ts';
import type { ListedCall } from '#shared/calls/socket-calls.ts';
import type { Row, SocketInfo } from '#shared/record/record.ts';
import { baseName } from '#shared/socket/events/call.ts';
import { variableOf } from '#shared/socket/python-words.ts';
import { useServices } from '../../state/services.ts';
import { Button, CopyButton, IconButton } from '../../ui/button.tsx';
import { classes, momentText, secondsText, shownText } from '../../ui/text.ts';
import { moveByKey, VirtualList } from '../../ui/virtual-list.tsx';
import { useSocketCalls } from './calls-data.ts';
import styles from './calls-view.module.css';
import { type CallsViewProps, RecordCalls } from './record-calls.tsx';
import { strings } from './strings.ts';

const texts = strings.callsView;
const rowHeight = 22;
/** Number of rows that are visible without scrolling. */
const shownRows = 10;

interface CallsTabProps extends CallsViewProps {
  readonly tab: string;
}

/** The socket calls of the selected record's socket, one of them explained, and what the record itself stands for. */
export function CallsView({ tab, selection, reads }: CallsTabProps) {
  const { row, session } = selection;
  const { calls, info, earlier, later, startAt } = useSocketCalls(selection);
  const [chosen, setChosen] = useState<{ readonly record: string; readonly call: string }>();
  const record = `${session} ${row.seq}`;
  const byUser = chosen?.record === record ? calls.findIndex((call) => keyOf(call) === chosen.call) : -1;
  const at = byUser >= 0 ? byUser : callOfRecord(calls, row);
  const call = calls[at];
  const name = info === undefined ? undefined : shownText(info.program ?? info.name);
  return (
    <div className={styles.calls}>
      <div className={styles.head}>
        <h3 className={styles.title}>
          {texts.list([name, info && texts.socket(info.id)].filter(Boolean).join(', ') || row.kind)}
        </h3>
        {earlier || later ? (
          <>
            <IconButton small label={texts.earlier} disabled={!earlier} onClick={() => earlier?.()}>
              <ChevronUp size={14} aria-hidden />
            </IconButton>
            <IconButton small label={texts.later} disabled={!later} onClick={() => later?.()}>
              <ChevronDown size={14} aria-hidden />
            </IconButton>
          </>
        ) : null}
      </div>
      {calls.length === 0 ? (
        <p className={styles.none}>{texts.none}</p>
      ) : (
        <CallList
          calls={calls}
          at={at}
          startAt={startAt}
          onSelect={(next) => setChosen({ record, call: keyOf(calls[next]) })}
        />
      )}
      <div className={styles.details}>
        {call ? <CallDetails tab={tab} call={call} info={info} isSelected={call.seq === row.seq} /> : null}
        {info?.program === undefined && row.kind !== 'call' ? (
          <RecordCalls selection={selection} reads={reads} />
        ) : null}
      </div>
    </div>
  );
}

/** Returns the place of the call that a record is, or that it comes from: the one before it. */
function callOfRecord(calls: readonly ListedCall[], { seq }: Row): number {
  const own = calls.findLastIndex((call) => call.seq === seq || call.waitSeq === seq);
  return own >= 0 ? own : calls.findLastIndex((call) => call.seq < seq);
}

function keyOf(call: ListedCall | undefined): string {
  return call ? `${call.waitSeq ?? call.seq} ${call.name} ${call.startAt}` : '';
}

interface CallListProps {
  readonly calls: readonly ListedCall[];
  readonly at: number;
  readonly startAt: number | undefined;
  readonly onSelect: (at: number) => void;
}

function CallList({ calls, at, startAt, onSelect }: CallListProps) {
  const id = useId();
  const onKeyDown = (event: KeyboardEvent) => {
    const metrics = { total: calls.length, rowHeight, viewport: shownRows * rowHeight };
    const to = moveByKey(event.key, at, metrics);
    if (to === undefined) return;
    event.preventDefault();
    onSelect(to);
  };
  return (
    <>
      <div className={classes(styles.row, styles.columns)} aria-hidden>
        <span className={styles.number}>{texts.start}</span>
        <span>{texts.call}</span>
        <span className={styles.number}>{texts.duration}</span>
        <span>{texts.result}</span>
      </div>
      <div className={styles.list} style={{ height: Math.min(calls.length, shownRows) * rowHeight + 1 }}>
        <VirtualList
          total={calls.length}
          rowHeight={rowHeight}
          reveal={at < 0 ? undefined : at}
          role="listbox"
          aria-label={texts.call}
          aria-activedescendant={at < 0 ? undefined : `${id}${at}`}
          tabIndex={0}
          onKeyDown={onKeyDown}
          renderRow={(index) => {
            const call = calls[index];
            if (!call) return null;
            return (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the list has the focus and handles the keys.
              <div
                id={`${id}${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === at}
                className={classes(
                  styles.row,
                  index === at && styles.selected,
                  call.origin === 'implied' && styles.implied,
                )}
                onClick={() => onSelect(index)}
              >
                <CallCells call={call} startAt={startAt} />
              </div>
            );
          }}
        />
      </div>
    </>
  );
}

function CallCells({ call, startAt }: { readonly call: ListedCall; readonly startAt: number | undefined }) {
  const { name, args, durationMs, origin, waits, errno } = call;
  const result = shownText(resultText(call));
  return (
    <>
      <span className={styles.number} title={momentText(call.startAt)}>
        {startAt === undefined ? '' : startText(call.startAt - startAt)}
      </span>
      <span className={styles.call} title={shownText(`${name}(${args})`)}>
        {shownText(`${name}(${args})`)}
        {origin === 'implied' ? <span className={styles.label}>{texts.implied}</span> : null}
      </span>
      <span className={styles.number}>{durationMs === undefined ? texts.unknown : durationText(durationMs)}</span>
      <span
        className={classes(styles.result, waits && styles.waits, errno !== undefined && styles.failed)}
        title={result}
      >
        {result || texts.unknown}
      </span>
    </>
  );
}

/** Shorter times are not told apart, in milliseconds. */
const shortestMs = 0.05;

function durationText(ms: number): string {
  return ms < shortestMs ? texts.short : duration(ms);
}

/** Returns the time since the first record, which may be a little later than the start of its call. */
function startText(ms: number): string {
  return secondsText(Math.abs(ms) < shortestMs ? 0 : ms);
}

const languages = ['python', 'c', 'node'] as const;

interface CallDetailsProps {
  readonly tab: string;
  readonly call: ListedCall;
  readonly info: SocketInfo | undefined;
  /** The selected record is the call. */
  readonly isSelected: boolean;
}

/** What one call does and returned, who made it, and its line in several languages. */
function CallDetails({ tab, call, info, isSelected }: CallDetailsProps) {
  const { traffic } = useServices();
  const { name, args, origin, pid, thread, descriptor, file, line, source } = call;
  const entry = callEntry(name);
  const use = { args: shownText(args), socket: variableOf(info) };
  const where = file === undefined ? '' : `${baseName(file)}${line === undefined ? '' : `:${line}`}`;
  return (
    <section className={styles.card} aria-label={`${name}()`}>
      <div className={styles.head}>
        <h4 className={styles.name}>{name}()</h4>
        {entry ? <span title={texts.manual(entry.man)}>{entry.man}</span> : null}
        <span className={styles.spacer} />
        {isSelected ? null : (
          <Button small variant="ghost" onClick={() => traffic.request(tab, { kind: 'record', seq: call.seq })}>
            {texts.showRecord}
          </Button>
        )}
      </div>
      <p className={styles.sentence}>{shownText(callSentence(call))}</p>
      <p className={styles.facts}>
        <span>{texts.origins[origin]}</span>
        {pid === undefined ? null : <span>{shownText(texts.program(pid, thread))}</span>}
        {descriptor === undefined ? null : <span>{texts.descriptor(descriptor)}</span>}
      </p>
      {where === '' ? null : (
        <figure className={styles.source} aria-label={texts.sourceLine}>
          <figcaption title={shownText(file ?? '')}>{shownText(where)}</figcaption>
          <code>{shownText((source ?? '').trim())}</code>
        </figure>
      )}
      {entry ? (
        <dl className={styles.lines} aria-label={texts.languages}>
          {languages.map((language) => (
            <div key={language}>
              <dt>{texts[language]}</dt>
              <dd>
                <code>{entry[language](use)}</code>
                <CopyButton label={`${texts.copy}: ${texts[language]}`} text={() => entry[language](use)} />
              </dd>
            </div>
          ))}
        </dl>
      ) : null}
    </section>
  );
}
