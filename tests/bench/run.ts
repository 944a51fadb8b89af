// `npm run bench`: each figure as a ratio to a plain program measured in the same run, in interleaved rounds.
import { benchChecksums } from './checksums.ts';
import { benchCliStart } from './cli-start.ts';
import { benchEngineLoad } from './engine-load.ts';
import { benchFirstPaint } from './first-paint.ts';
import { benchFraming } from './framing.ts';
import { benchLogSearch } from './log-search.ts';
import { benchPageStart } from './page-start.ts';
import { benchRoundTrip } from './round-trip.ts';
import { benchTable } from './table.ts';
import { benchTemplates } from './templates.ts';
import { benchThroughput } from './throughput.ts';
import { benchWorkspaceOpen } from './workspace-open.ts';

const rounds = 5;
console.log(`Medians of ${rounds} interleaved rounds, with the least and the most: Wirebench ÷ plain program.`);
await benchRoundTrip(rounds);
await benchThroughput(rounds);
await benchEngineLoad(rounds);
benchFraming(rounds);
benchChecksums(rounds);
benchTemplates(rounds);
await benchLogSearch(rounds);
await benchWorkspaceOpen(rounds);
await benchCliStart(rounds);
await benchFirstPaint(rounds);
await benchPageStart(rounds);
await benchTable(rounds);
