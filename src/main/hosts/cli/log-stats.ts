import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { printableJson } from '#shared/bytes/hidden.ts';
import { isoMicros } from '#shared/record/record.ts';
import type { Flow, Pairing } from '#shared/statistics/statistics.ts';
import { onStopSignal } from '../stop-signal.ts';
import { canShowStatus, clearStatus, showStatus } from '../terminal.ts';
import { finishOutput, withSession } from './open-session.ts';
import { Output } from './output.ts';
import { type CountedSession, statsText } from './stats-text.ts';

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
