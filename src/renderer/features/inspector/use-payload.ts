import { useEffect, useState } from 'react';
import { maxPayloadBytes } from '#shared/contract/limits.ts';
import type { Failure } from '#shared/failure.ts';
import { useServices } from '../../client/use-services.ts';

/** The first bytes of a message, as far as they are fetched. */
interface LoadedPayload {
  readonly session: string;
  readonly seq: number;
  readonly bytes: Uint8Array;
  readonly total: number;
  readonly failure: Failure | undefined;
}

/** Fetches up to `limit` bytes of a message; `undefined` until they are fetched. A larger limit fetches only the additional bytes. */
export function usePayload(session: string, seq: number, limit: number): LoadedPayload | undefined {
  const { client } = useServices();
  const [loaded, setLoaded] = useState<LoadedPayload>();
  const own = loaded?.session === session && loaded.seq === seq ? loaded : undefined;
  const have = own?.bytes.length ?? 0;
  const wanted = own ? Math.min(limit, own.total) : limit;
  const failed = own?.failure !== undefined;

  useEffect(() => {
    if (limit === 0 || failed || (own && have >= wanted)) return;
    let stale = false;
    const length = Math.min(wanted - have, maxPayloadBytes);
    void client.call('sessions.payload', { session, seq, from: have, length }).then((result) => {
      if (stale) return;
      setLoaded((before) => {
        const known = before?.session === session && before.seq === seq ? before.bytes : new Uint8Array();
        if (!result.ok) return { session, seq, bytes: known, total: known.length, failure: result.error };
        const { bytes, total } = result.value;
        // An answer without bytes ends the loop, even if the total is larger.
        const full = bytes.length === 0 ? known.length : total;
        return { session, seq, bytes: concat(known, bytes), total: full, failure: undefined };
      });
    });
    return () => {
      stale = true;
    };
  }, [client, session, seq, have, wanted, own, failed, limit]);

  return own;
}

function concat(first: Uint8Array, second: Uint8Array): Uint8Array {
  if (first.length === 0) return second;
  const joined = new Uint8Array(first.length + second.length);
  joined.set(first);
  joined.set(second, first.length);
  return joined;
}
