import { resolve } from 'node:path';
import type { Reframed } from '#session/convert/reframe/reframe.ts';
import { printableJson } from '#shared/bytes/hidden.ts';
import { byteCount } from '#shared/bytes/units.ts';
import type { FramingSpec } from '#shared/framing/catalogue.ts';
import { reframedName } from '#workbench/open-file.ts';
import { version } from '#workbench/version.ts';
import { exitCodes } from './exit-codes.ts';
import { finishOutput, withSession } from './open-session.ts';
import { Output } from './output.ts';
import { longWork } from './progress.ts';
import { countOf, note, reportFailure } from './report.ts';

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
