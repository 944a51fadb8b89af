import type { CallOutput } from '#shared/contract/contract.ts';
import { ok, type Result } from '#shared/failure.ts';
import { parseFraming } from '#shared/framing/spec.ts';
import { type FramingForm, framingFormOf } from './framing-form.ts';
import type { Services } from './services.ts';

/** A framing that fits recorded streams, with what it gives. */
export interface GuessedFraming {
  readonly framing: string;
  /** `len:2be:at4 (modbus): 6 messages`. */
  readonly text: string;
  readonly form: FramingForm;
}

type Flow = CallOutput<'sessions.guessFramings'>['flows'][number];

/** Guesses the framing of what `session` has of `socket` (of all sockets, where it is left out); the best first. */
export async function guessFraming(
  { client }: Services,
  session: string,
  socket: number | undefined,
): Promise<Result<readonly GuessedFraming[]>> {
  const only = socket === undefined ? {} : { sockets: [socket] };
  const answer = await client.call('sessions.guessFramings', { session, task: crypto.randomUUID(), ...only });
  return answer.ok ? ok(combined(answer.value.flows)) : answer;
}

/** The framings of all flows, each once: first those that fit most flows, and fit them best. */
function combined(flows: readonly Flow[]): readonly GuessedFraming[] {
  const byFraming = new Map<string, { score: number; messages: number; protocols: Set<string> }>();
  for (const { guesses } of flows) {
    guesses.forEach(({ framing, messages, protocols }, rank) => {
      const known = byFraming.get(framing) ?? { score: 0, messages: 0, protocols: new Set(protocols) };
      known.score += 1 / (rank + 1);
      known.messages += messages;
      for (const name of known.protocols) if (!protocols.includes(name)) known.protocols.delete(name);
      byFraming.set(framing, known);
    });
  }
  return [...byFraming]
    .sort(([, a], [, b]) => b.score - a.score)
    .slice(0, 5)
    .flatMap(([framing, { messages, protocols }]) => {
      const spec = parseFraming(framing);
      if (!spec) return [];
      const name = protocols.size === 0 ? framing : `${framing} (${[...protocols].join(', ')})`;
      const text = `${name}: ${messages === 1 ? '1 message' : `${messages} messages`}`;
      return [{ framing, text, form: framingFormOf(spec) }];
    });
}
