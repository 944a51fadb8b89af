import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls } from '#shared/bytes/text.ts';
import type { Insight } from '#shared/insights/insight.ts';
import { finishOutput, withSession } from './log-session.ts';
import { longWork, Output } from './output.ts';

interface InsightsOptions {
  /** Prints one JSON object. */
  readonly json?: boolean | undefined;
}

/** Runs `wirebench log insights`: prints the insights of a session as text or as one JSON object. Returns the exit code. */
export function logInsights(file: string, { json }: InsightsOptions): Promise<number> {
  return withSession(file, async (session) => {
    const work = longWork();
    const found = await session.ask('insights', {}, work.job);
    work.end();
    const output = new Output();
    if (!found.ok) return finishOutput(output, found.error);
    output.write(json ? `${printableJson(found.value)}\n` : found.value.insights.map(insightText).join(''));
    return finishOutput(output);
  });
}

/** Returns the sentence after its severity and id, then the advice and the records. */
function insightText({ id, severity, socket, sentence, advice, evidence }: Insight): string {
  const records = evidence.map((seq) => `#${seq}`).join(' ');
  return `${severity} ${id} (socket ${socket}, records ${records})\n  ${showControls(sentence)}\n  ${showControls(advice)}\n`;
}
