import { printableJson } from '#shared/bytes/hidden.ts';
import { showControls } from '#shared/bytes/text.ts';
import { byteCount } from '#shared/bytes/units.ts';
import type { PageQuestionOutput } from '#shared/contract/questions/catalogue.ts';
import { finishOutput, withSession } from './open-session.ts';
import { Output } from './output.ts';
import { longWork } from './progress.ts';

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
