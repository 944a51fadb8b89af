import { ChevronDown, ChevronUp, X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { parseHex } from '#shared/bytes/hex.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import type { Client } from '#shared/contract/client.ts';
import { ok, type Result } from '#shared/failure.ts';
import type { Selection } from '../../state/selection.ts';
import { useServices } from '../../state/services.ts';
import { IconButton } from '../../ui/button.tsx';
import { Segmented } from '../../ui/choices.tsx';
import styles from './inspector.module.css';
import { strings } from './strings.ts';

/** The bytes of a message that match. */
export interface Match {
  readonly at: number;
  readonly length: number;
}

interface FindState {
  readonly text: string;
  readonly kind: 'text' | 'hex';
  readonly match: Match | undefined;
  /** What the bar reports: no match, wrapped, invalid hex; empty for nothing. */
  readonly status: string;
}

const initialState: FindState = { text: '', kind: 'text', match: undefined, status: '' };

/** Returns the bytes to find, or why `text` is invalid. */
export function needleOf(text: string, kind: FindState['kind']): Uint8Array<ArrayBuffer> | string {
  if (kind === 'text') return encodeUtf8(text);
  const parsed = parseHex(text);
  return parsed.ok ? parsed.bytes : parsed.reason;
}

/** Finds bytes in the selected message, of any size: the engine searches. */
export function useFind(selection: Selection | undefined) {
  const { client } = useServices();
  const [state, setState] = useState<FindState>(initialState);
  const record = selection ? `${selection.session} ${selection.row.seq}` : '';
  const [matchOf, setMatchOf] = useState('');
  const run = useRef(0);
  const match = matchOf === record ? state.match : undefined;

  const change = (next: Partial<Pick<FindState, 'text' | 'kind'>>) => {
    run.current += 1;
    setState({ ...state, ...next, match: undefined, status: '' });
  };

  /** Shows the status of a search in the tree. */
  const showStatus = (status: string) => {
    run.current += 1;
    setState({ ...state, match: undefined, status });
  };

  /** Finds the next match, or the previous one if `backward`. Wraps at either end. */
  const find = async (backward: boolean) => {
    if (!selection) return;
    const needle = needleOf(state.text, state.kind);
    if (typeof needle === 'string') return setState({ ...state, match: undefined, status: needle });
    if (needle.length === 0) return;
    run.current += 1;
    const current = run.current;
    const found = await searchMessage(client, selection, { needle, after: match, backward });
    if (current !== run.current) return;
    setMatchOf(record);
    setState({ ...state, ...(found.ok ? found.value : { match: undefined, status: found.error.message }) });
  };

  return { ...state, match, change, find, showStatus };
}

interface Search {
  readonly needle: Uint8Array<ArrayBuffer>;
  /** The match to continue from. */
  readonly after: Match | undefined;
  readonly backward: boolean;
}

async function searchMessage(
  client: Client,
  { session, row }: Selection,
  { needle, after, backward }: Search,
): Promise<Result<Pick<FindState, 'match' | 'status'>>> {
  const ask = (from: number) => client.call('sessions.search', { session, seq: row.seq, needle, from, backward });
  const start = backward ? row.length : 0;
  const next = after && (backward ? after.at : after.at + 1);
  let answer = await ask(next ?? start);
  const wraps = answer.ok && answer.value.at === null && (next ?? start) !== start;
  if (wraps) answer = await ask(start);
  if (!answer.ok) return answer;
  const { at } = answer.value;
  const { notFound, wrappedToFirst, wrappedToLast } = strings.find;
  if (at === null) return ok({ match: undefined, status: notFound });
  const wrapped = backward ? wrappedToLast : wrappedToFirst;
  return ok({ match: { at, length: needle.length }, status: wraps ? wrapped : '' });
}

interface FindBarProps {
  readonly find: ReturnType<typeof useFind>;
  /** Incremented each time the user opens the bar: the field then takes the focus. */
  readonly opened: number;
  readonly onClose: () => void;
}

const texts = strings.find;
const kinds = [
  { value: 'text', label: texts.text },
  { value: 'hex', label: texts.hex },
] as const;

/** Finds text or bytes in one message: Enter for the next match, Shift+Enter for the previous one. */
export function FindBar({ find, opened, onClose }: FindBarProps) {
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (opened === 0) return;
    // Not every browser moves the focus when text is selected.
    field.current?.focus();
    field.current?.select();
  }, [opened]);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Escape') onClose();
    else if (event.key === 'Enter') void find.find(event.shiftKey);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const status = find.status || (find.match ? texts.offset(find.match.at) : '');
  return (
    <search className={styles.bar} aria-label={texts.label}>
      <input
        ref={field}
        type="text"
        className={styles.input}
        aria-label={texts.label}
        placeholder={find.kind === 'hex' ? texts.hexPlaceholder : texts.placeholder}
        autoComplete="off"
        spellCheck={false}
        value={find.text}
        onChange={(event) => find.change({ text: event.target.value })}
        onKeyDown={onKeyDown}
      />
      <Segmented label={texts.kind} value={find.kind} options={kinds} onChange={(kind) => find.change({ kind })} />
      <IconButton small label={texts.previous} hint="Shift+Enter" onClick={() => void find.find(true)}>
        <ChevronUp size={14} aria-hidden />
      </IconButton>
      <IconButton small label={texts.next} hint="Enter" onClick={() => void find.find(false)}>
        <ChevronDown size={14} aria-hidden />
      </IconButton>
      <IconButton small label={texts.close} hint="Esc" onClick={onClose}>
        <X size={14} aria-hidden />
      </IconButton>
      <span className={styles.status} role="status">
        {status}
      </span>
    </search>
  );
}
