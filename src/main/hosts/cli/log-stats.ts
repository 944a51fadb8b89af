import type { SessionStats } from '#session/session.ts';
import { byteCount } from '#shared/record/describe.ts';
import { isoMicros } from '#shared/record/iso-time.ts';
import { finishOutput, withSession } from './open-session.ts';
import { Output } from './output.ts';

/** `wirebench log stats`: counts what a session holds, for people or as one JSON object. Gives the exit code. */
export function logStats(file: string, { json }: { readonly json?: boolean }): Promise<number> {
  return withSession(file, async (session) => {
    const output = new Output();
    const stats = await session.stats();
    if (!stats.ok) return finishOutput(output, stats.error);
    output.write(json ? statsJson(session.name, stats.value) : statsText(session.name, stats.value));
    return finishOutput(output);
  });
}

function statsJson(name: string, stats: SessionStats): string {
  return `${JSON.stringify({ name, ...stats, firstAt: timeOf(stats.firstAt), lastAt: timeOf(stats.lastAt) })}\n`;
}

function statsText(name: string, stats: SessionStats): string {
  const lines: [string, string][] = [
    ['session', name],
    ['records', String(stats.records)],
    ['events', String(stats.events)],
    ['messages in', `${stats.messagesIn}, ${byteCount(stats.bytesIn)}`],
    ['messages out', `${stats.messagesOut}, ${byteCount(stats.bytesOut)}`],
    ['problems', String(stats.problems)],
    ['sockets', String(stats.sockets)],
    ['first record', timeOf(stats.firstAt) ?? 'none'],
    ['last record', timeOf(stats.lastAt) ?? 'none'],
    ['duration', `${((stats.lastAt - stats.firstAt) / 1_000).toFixed(3)} s`],
    ['file', byteCount(stats.fileBytes)],
  ];
  return lines.map(([label, value]) => `${label.padEnd(14)}${value}\n`).join('');
}

function timeOf(at: number): string | null {
  return at === 0 ? null : isoMicros(at);
}
