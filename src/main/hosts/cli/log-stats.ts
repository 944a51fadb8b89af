import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls } from '#shared/bytes/text.ts';
import { byteCount } from '#shared/bytes/units.ts';
import { isoMicros } from '#shared/record/record.ts';
import { isRawStream } from '#shared/socket/transports.ts';
import type { Distribution, Flow, Pairing, ReplyTimes, Statistics } from '#shared/statistics/statistics.ts';
import { canShowStatus, clearStatus, onStopSignal, showStatus } from '../terminal.ts';
import { finishOutput, withSession } from './log-session.ts';
import { Output } from './output.ts';

interface StatsOptions {
  /** Prints one JSON object. */
  readonly json?: boolean | undefined;
  /** Counts only matching records. */
  readonly filter?: string | undefined;
  /** How replies are paired with requests, as `pairingOf` reads it. Default: `order`. */
  readonly pairing?: string | undefined;
}

/** Runs `wirebench log stats`: prints statistics of a session as text or as one JSON object. Returns the exit code. */
export function logStats(file: string, options: StatsOptions): Promise<number> {
  return withSession(file, async (session) => {
    const output = new Output();
    const { json, filter } = options;
    const pairing = pairingOf(options.pairing ?? 'order');
    const abort = new AbortController();
    onStopSignal(() => abort.abort());
    const isTerminal = canShowStatus();
    const onProgress = (done: number, total: number) => {
      if (isTerminal && total > 0) showStatus(`${Math.floor((done / total) * 100)} % `);
    };
    const counted = await session.ask('statistics', { filter, pairing }, { signal: abort.signal, onProgress });
    if (isTerminal) clearStatus();
    if (!counted.ok) return finishOutput(output, counted.error);
    const { size: fileBytes } = await stat(resolve(file));
    const all = { name: session.name, fileBytes, filter, pairing, statistics: counted.value };
    output.write(json ? statsJson(all) : statsText(all));
    return finishOutput(output);
  });
}

/**
 * Reads `order`, or the path to the value that pairs a reply with its request: `json.id` in both, or `json.id=xml.reply.@to`
 * for different paths in the request and in the reply.
 */
export function pairingOf(text: string): Pairing {
  if (text === 'order') return { kind: 'order' };
  // A quoted key may contain `=`.
  const [, request = text, reply = request] = /^((?:[^="]|"(?:[^"\\]|\\.)*")*)=(.*)$/s.exec(text) ?? [];
  return { kind: 'path', request: request.trim(), reply: reply.trim() };
}

function statsJson({ name, fileBytes, filter, pairing, statistics }: CountedSession): string {
  const { total, flows, sockets, socketCount, firstAt, lastAt, rates, ...rest } = statistics;
  const [received, sent] = total;
  const infos = new Map(sockets.map((info) => [info.id, info]));
  const object = {
    name,
    filter: filter ?? null,
    records: rest.records,
    events: rest.events,
    messagesIn: received.messages,
    messagesOut: sent.messages,
    bytesIn: received.bytes,
    bytesOut: sent.bytes,
    problems: rest.problems,
    sockets: socketCount,
    firstAt: momentOf(firstAt),
    lastAt: momentOf(lastAt),
    fileBytes,
    total: total.map(flowJson),
    flows: flows.map((flow) => ({ ...flowJson(flow), peer: infos.get(flow.socket)?.peer ?? null })),
    moreFlows: rest.moreFlows,
    untracked: rest.untracked,
    rates: { ...rates, startAt: momentOf(rates.startAt) },
    pairing,
    replies: rest.replies,
  };
  return `${printableJson(object)}\n`;
}

function flowJson({ firstAt, lastAt, ...flow }: Flow): object {
  return { ...flow, firstAt: momentOf(firstAt), lastAt: momentOf(lastAt) };
}

function momentOf(at: number): string | null {
  return at === 0 ? null : isoMicros(at);
}

/** The statistics of a session, with its name and file size. */
interface CountedSession {
  readonly name: string;
  readonly fileBytes: number;
  readonly filter: string | undefined;
  readonly pairing: Pairing;
  readonly statistics: Statistics;
}

type Cells = readonly string[];

const spreadHead = ['min', 'mean', 'p50', 'p90', 'p99', 'p99.9', 'max'] as const;

/** Formats statistics as text: figures, then tables. */
function statsText(counted: CountedSession): string {
  const { statistics } = counted;
  const parts = [figures(counted), spreads(statistics.total)];
  if (statistics.flows.length > 0) parts.push(flows(counted));
  const { requests, replies } = statistics.replies;
  if (requests + replies > 0) parts.push(replyTimes(counted));
  return parts.join('\n');
}

function figures({ name, fileBytes, filter, statistics }: CountedSession): string {
  const { total, records, events, problems, socketCount, firstAt, lastAt } = statistics;
  const [received, sent] = total;
  const lines: [string, string][] = [
    ['session', showControls(name)],
    ...(filter === undefined ? [] : [['filter', showControls(filter)] as [string, string]]),
    ['records', String(records)],
    ['events', String(events)],
    ['messages in', `${received.messages}, ${byteCount(received.bytes)}`],
    ['messages out', `${sent.messages}, ${byteCount(sent.bytes)}`],
    ['problems', String(problems)],
    ['sockets', String(socketCount)],
    ['first record', firstAt === 0 ? 'none' : isoMicros(firstAt)],
    ['last record', lastAt === 0 ? 'none' : isoMicros(lastAt)],
    ['duration', `${((lastAt - firstAt) / 1_000).toFixed(3)} s`],
    ['file', byteCount(fileBytes)],
  ];
  return lines.map(([label, value]) => `${label.padEnd(14)}${value}\n`).join('');
}

function spreads(total: readonly Flow[]): string {
  const rows: Cells[] = [];
  for (const { direction, sizes, gaps } of total) {
    if (sizes.count > 0) rows.push([`size ${direction}, bytes`, ...spreadCells(sizes, bytesFigure)]);
    if (gaps.count > 0) rows.push([`gap ${direction}, ms`, ...spreadCells(gaps, msFigure)]);
  }
  return rows.length === 0 ? '' : table(['', ...spreadHead], rows, 1);
}

function flows({ statistics }: CountedSession): string {
  const infos = new Map(statistics.sockets.map((info) => [info.id, info]));
  const head = ['socket', 'dir', 'messages', 'bytes', 'size p50', 'size max', 'gap p50 ms', 'gap p99 ms', 'peer'];
  const rows = statistics.flows.map(({ socket, direction, messages, bytes, sizes, gaps }) => [
    String(socket),
    direction,
    String(messages),
    String(bytes),
    bytesFigure(sizes.p50),
    bytesFigure(sizes.max),
    gaps.count === 0 ? '–' : msFigure(gaps.p50),
    gaps.count === 0 ? '–' : msFigure(gaps.p99),
    showControls(infos.get(socket)?.peer || infos.get(socket)?.local || ''),
  ]);
  const more = statistics.moreFlows > 0 ? `and ${statistics.moreFlows} more flows with fewer bytes\n` : '';
  const untracked =
    statistics.untracked > 0
      ? `${statistics.untracked} records of other sockets are included only in the totals\n`
      : '';
  return `${table(head, rows, 0, head.length - 1)}${more}${untracked}`;
}

function replyTimes({ statistics, pairing }: CountedSession): string {
  const { replies } = statistics;
  const how = pairing.kind === 'order' ? 'paired in order' : `paired by ${pairing.request} = ${pairing.reply}`;
  const lines: [string, number][] = [
    ['requests', replies.requests],
    ['replies', replies.replies],
    ['pairs', replies.times.count],
    ['unanswered', replies.unanswered],
    ['unexpected', replies.unexpected],
    ...(pairing.kind === 'path'
      ? ([
          ['duplicates', replies.duplicates],
          ['no key', replies.unkeyed],
        ] as const)
      : []),
    ...(replies.untimed > 0 ? ([['untimed', replies.untimed]] as const) : []),
  ].map(([label, count]) => [String(label), Number(count)]);
  const counts = lines.map(([label, count]) => `${label.padEnd(14)}${count}\n`).join('');
  return `reply times, ${showControls(how)}\n${note(statistics.sockets)}${counts}${pairs(replies)}`;
}

function note(sockets: CountedSession['statistics']['sockets']): string {
  const isRaw = sockets.some(isRawStream);
  return isRaw ? 'With raw framing, each record is one recv() or send(), not necessarily one message.\n' : '';
}

function pairs({ times, slowest, firstUnanswered }: ReplyTimes): string {
  const parts: string[] = [];
  if (times.count > 0) parts.push(table(['', ...spreadHead], [['time, ms', ...spreadCells(times, msFigure)]], 1));
  if (slowest.length > 0) {
    const rows = slowest.map(({ request, reply, ms }) => [msFigure(ms), `#${request}`, `#${reply}`]);
    parts.push(`\n${table(['slowest, ms', 'request', 'reply'], rows, 0)}`);
  }
  if (firstUnanswered.length > 0) {
    parts.push(`\nfirst unanswered: ${firstUnanswered.map((seq) => `#${seq}`).join(' ')}\n`);
  }
  return parts.join('');
}

function spreadCells({ min, mean, p50, p90, p99, p999, max }: Distribution, figure: (value: number) => string): Cells {
  return [min, mean, p50, p90, p99, p999, max].map(figure);
}

function bytesFigure(bytes: number): string {
  return String(Number(bytes.toFixed(1)));
}

function msFigure(ms: number): string {
  return ms.toFixed(3);
}

/** Formats a table. Aligns the first `texts` columns and column `last` to the left, the others to the right. */
function table(head: Cells, rows: readonly Cells[], texts: number, last = -1): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length)));
  const cell = (text: string, column: number) =>
    column < texts || column === last ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return lines.map((line) => `${line.map(cell).join('  ').trimEnd()}\n`).join('');
}
