import type { CallOutput } from '#shared/contract/contract.ts';
import { ok, type Result } from '#shared/failure.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { type FramingForm, framingFormOf } from './framing-form.ts';
import { wordsOf } from './framing-words.ts';
import { callScope, type ReframeScope } from './reframe-command.ts';
import type { Services } from './services.ts';

/** A framing that fits recorded streams, and its result. */
export interface GuessedFraming {
  /** In the command line's spelling. */
  readonly framing: string;
  /** The names of the protocols that use it, or else of the framing. */
  readonly name: string;
  readonly messages: number;
  /** The directions of the flows that it fits: `in`, `out` or `in, out`. */
  readonly directions: string;
  readonly form: FramingForm;
}

type Flow = CallOutput<'sessions.guessFramings'>['flows'][number];

/** Guesses the framing of the recorded streams in `scope`. Returns the best first. */
export async function guessFraming(
  { client }: Services,
  session: string,
  scope: ReframeScope,
): Promise<Result<readonly GuessedFraming[]>> {
  const answer = await client.call('sessions.guessFramings', {
    session,
    job: crypto.randomUUID(),
    ...callScope(scope),
  });
  return answer.ok ? ok(combined(answer.value.flows)) : answer;
}

/** A framing's results while flows are combined. */
interface Found {
  score: number;
  messages: number;
  readonly protocols: Set<string>;
  readonly directions: Set<'in' | 'out'>;
}

/** Returns the framings of all flows, each once; those that fit the most flows best are first. */
function combined(flows: readonly Flow[]): readonly GuessedFraming[] {
  const byFraming = new Map<string, Found>();
  for (const { guesses, direction } of flows) {
    guesses.forEach(({ framing, messages, protocols }, rank) => {
      const known = byFraming.get(framing) ?? {
        score: 0,
        messages: 0,
        protocols: new Set(protocols),
        directions: new Set(),
      };
      known.score += 1 / (rank + 1);
      known.messages += messages;
      known.directions.add(direction);
      for (const name of known.protocols) if (!protocols.includes(name)) known.protocols.delete(name);
      byFraming.set(framing, known);
    });
  }
  return [...byFraming]
    .sort(([, a], [, b]) => b.score - a.score)
    .slice(0, 5)
    .flatMap(([framing, { messages, protocols, directions }]) => {
      const spec = parseFraming(framing);
      if (!spec) return [];
      const form = framingFormOf(spec);
      const name = protocols.size === 0 ? wordsOf(form.framing).short : [...protocols].join(', ');
      return [{ framing, name, messages, directions: [...directions].sort().join(', '), form }];
    });
}
