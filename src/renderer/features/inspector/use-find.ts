import { useRef, useState } from 'react';
import { parseHex } from '#shared/bytes/hex.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Selection } from '../../client/selection-store.ts';
import { useServices } from '../../client/use-services.ts';

/** Bytes of a message that were found. */
export interface Match {
  readonly at: number;
  readonly length: number;
}

interface FindState {
  readonly text: string;
  readonly kind: 'text' | 'hex';
  readonly match: Match | undefined;
  /** What is to be said: nothing found, went on at the other end, no hex. */
  readonly says: string;
}

const nothing: FindState = { text: '', kind: 'text', match: undefined, says: '' };

/** The bytes that are looked for, or why what was written is none. */
export function needleOf(text: string, kind: FindState['kind']): Uint8Array<ArrayBuffer> | string {
  if (kind === 'text') return encodeUtf8(text);
  const parsed = parseHex(text);
  return parsed.ok ? parsed.bytes : parsed.reason;
}

/** Looks for bytes in the chosen message, of any size: the engine searches. */
export function useFind(selection: Selection | undefined) {
  const { client } = useServices();
  const [state, setState] = useState<FindState>(nothing);
  const record = selection ? `${selection.session} ${selection.row.seq}` : '';
  const [matchOf, setMatchOf] = useState('');
  const run = useRef(0);
  const match = matchOf === record ? state.match : undefined;

  const change = (next: Partial<Pick<FindState, 'text' | 'kind'>>) => {
    run.current += 1;
    setState({ ...state, ...next, match: undefined, says: '' });
  };

  /** Says `text` of a search that was made elsewhere. */
  const say = (text: string) => {
    run.current += 1;
    setState({ ...state, match: undefined, says: text });
  };

  /** The next place behind the last one, or before it; at the end it goes on at the other one. */
  const find = async (backward: boolean) => {
    if (!selection) return;
    const { session, row } = selection;
    const needle = needleOf(state.text, state.kind);
    if (typeof needle === 'string') return setState({ ...state, match: undefined, says: needle });
    if (needle.length === 0) return;
    run.current += 1;
    const mine = run.current;
    const ask = (from: number) => client.call('sessions.search', { session, seq: row.seq, needle, from, backward });
    const start = backward ? row.length : 0;
    const from = match ? (backward ? match.at : match.at + 1) : start;
    let answer = await ask(from);
    let says = '';
    if (answer.ok && answer.value.at === null && from !== start) {
      answer = await ask(start);
      says = backward ? 'Went on from the end' : 'Went on from the beginning';
    }
    if (mine !== run.current) return;
    setMatchOf(record);
    if (!answer.ok) return setState({ ...state, match: undefined, says: answer.error.message });
    const { at } = answer.value;
    if (at === null) setState({ ...state, match: undefined, says: 'Not found' });
    else setState({ ...state, match: { at, length: needle.length }, says });
  };

  return { ...state, match, change, find, say };
}
