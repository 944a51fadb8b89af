import { resolve } from 'node:path';
import type { Reframed } from '#session/convert/reframe/reframe.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls } from '#shared/bytes/text.ts';
import { byteCount } from '#shared/bytes/units.ts';
import type { PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { reframedName } from '#workbench/session-files.ts';
import { version } from '#workbench/version.ts';
import { finishOutput, withSession } from './log-session.ts';
import { Output } from './output.ts';
import { countOf, exitCodes, longWork, note, reportFailure } from './report.ts';

export interface ReframeOptions {
  readonly framing: FramingSpec;
  /** The sockets whose streams are re-framed. Default: all. */
  readonly socket?: readonly number[] | undefined;
  /** The session file to create. */
  readonly output: string;
  /** Prints the result as one JSON object. */
  readonly json?: boolean | undefined;
}

/** Runs `wirebench log reframe`: creates a session with another framing. Returns the exit code. */
export function reframeLog(file: string, { framing, socket, output, json }: ReframeOptions): Promise<number> {
  return withSession(file, async (session) => {
    const work = longWork();
    const name = reframedName(session.name, framing);
    const path = resolve(output);
    const wanted = { framing, sockets: socket, path, name, appVersion: version };
    const reframed = await session.ask('reframe', wanted, work.job);
    work.end();
    if (!reframed.ok) {
      reportFailure(reframed.error);
      return exitCodes.failed;
    }
    if (!json) {
      note(summary(reframed.value));
      return exitCodes.done;
    }
    const printed = new Output();
    printed.write(`${printableJson(reframed.value)}\n`);
    return finishOutput(printed);
  });
}

function summary({ records, messages, sockets, bytes, path }: Reframed): string {
  const counted = `${countOf(messages, 'message')}; ${countOf(sockets, 'stream')} re-framed`;
  return `${countOf(records, 'record')} (${counted}), ${byteCount(bytes)}, written to ${path}`;
}

export interface FramingsOptions {
  /** The sockets whose streams are examined. Default: all. */
  readonly socket?: readonly number[] | undefined;
  /** Prints one JSON object. */
  readonly json?: boolean | undefined;
}

/** Runs `wirebench log framings`: guesses the framing of each recorded stream. Returns the exit code. */
export function logFramings(file: string, { socket, json }: FramingsOptions): Promise<number> {
  return withSession(file, async (session) => {
    const work = longWork();
    const guessed = await session.ask('guessFramings', { sockets: socket }, work.job);
    work.end();
    const output = new Output();
    if (!guessed.ok) return finishOutput(output, guessed.error);
    output.write(json ? `${printableJson(guessed.value)}\n` : guessed.value.flows.map(flowText).join(''));
    return finishOutput(output);
  });
}

/** Returns a heading for the flow and a line for each guess: `  len:2be:at4 (modbus)   6 messages`. */
function flowText({
  socket,
  peer,
  direction,
  bytes,
  guesses,
}: PageQuestionOutput<'guessFramings'>['flows'][number]): string {
  const head = `socket ${socket}${peer === '' ? '' : ` ${showControls(peer)}`} ${direction}, ${byteCount(bytes)}\n`;
  if (guesses.length === 0) return `${head}  no framing fits\n`;
  const lines = guesses.map(({ framing, protocols, messages, malformed }) => {
    const name = protocols.length === 0 ? framing : `${framing} (${protocols.join(', ')})`;
    const count = messages === 1 ? '1 message' : `${messages} messages`;
    return `  ${name.padEnd(30)} ${count}${malformed === 0 ? '' : `, ${malformed} malformed`}\n`;
  });
  return head + lines.join('');
}
