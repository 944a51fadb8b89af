import { z } from 'zod';
import { fail, type Result } from '../failure.ts';
import {
  type CallInput,
  type CallName,
  type CallOutput,
  contract,
  eventSchema,
  type WorkbenchEvent,
} from './contract.ts';
import { failureSchema } from './fields.ts';
import type { Transport } from './transport.ts';

z.config({ jitless: true });

export interface Client {
  /** Makes one call. Never rejects: a host that is gone is an ordinary failure (`disconnected`). */
  call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<Result<CallOutput<Name>>>;
  subscribe(listener: (event: WorkbenchEvent) => void): () => void;
}

const replySchema = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: failureSchema }),
]);

/** Creates the typed side of a `Transport`, which parses each reply before it is used. */
export function createClient(transport: Transport): Client {
  return {
    async call<Name extends CallName>(name: Name, input: CallInput<Name>): Promise<Result<CallOutput<Name>>> {
      let answer: unknown;
      try {
        answer = await transport.call(name, input);
      } catch (error) {
        const system = error instanceof Error ? error.message : String(error);
        return fail('disconnected', 'Wirebench’s engine does not answer', { system, hint: 'Start Wirebench again.' });
      }
      const reply = replySchema.safeParse(answer);
      if (!reply.success) return fail('internal', `“${name}” returned an invalid reply`);
      if (!reply.data.ok) return { ok: false, error: reply.data.error };
      const value = contract[name].output.safeParse(reply.data.value);
      if (!value.success)
        return fail('internal', `“${name}” returned an unexpected value`, { system: value.error.message });
      return { ok: true, value: value.data as CallOutput<Name> };
    },
    subscribe(listener) {
      return transport.subscribe((event) => {
        const parsed = eventSchema.safeParse(event);
        if (parsed.success) listener(parsed.data);
      });
    },
  };
}
