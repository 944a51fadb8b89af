import { useState } from 'react';
import { maxDocumentBytes } from '#shared/contract/documents.ts';
import { maxSendBytes } from '#shared/contract/limits.ts';
import type { Failure, Result } from '#shared/failure.ts';
import { guessPayload } from '#shared/payload/payload.ts';
import { closeDialog } from '../../state/dialogs.ts';
import type { SendOutcome } from '../../state/drafts.ts';
import { showPayload } from '../../state/payload-documents.ts';
import { recordedMessage } from '../../state/recorded-message.ts';
import { useServices } from '../../state/services.ts';
import { type Compared, maxComparedBytes } from './comparison.tsx';
import type { SentMessage } from './sent-messages.ts';
import { strings } from './strings.ts';

/** The composer of a tab. */
export interface ComposerCalls {
  readonly tab: string;
  /** The endpoint of the tab, once it has been opened. */
  readonly endpoint: string | undefined;
  /** Sends a recorded message to the composer's targets; `undefined` while something else is sent. */
  readonly sendAgain: (message: {
    readonly bytes: Uint8Array;
    readonly body: Uint8Array;
    readonly framing: string | undefined;
    readonly tried: string;
  }) => Promise<SendOutcome | undefined>;
  /** Returns the bytes that Send would send, without framing. */
  readonly bytesToSend: () => Promise<Result<Uint8Array>>;
}

/** What the last action has led to: a text, or why it failed. */
export type Note = { readonly text: string } | { readonly failure: Failure };

/** The actions on the selected messages. An action that is undefined cannot be done now. */
export interface SentActions {
  readonly sendAgain: (() => void) | undefined;
  /** The only selected message is a part of a file that was sent. */
  readonly isPart: boolean;
  readonly use: (() => void) | undefined;
  readonly compareWithEditor: (() => void) | undefined;
  readonly compareTwo: (() => void) | undefined;
  readonly compared: Compared | undefined;
  readonly endComparison: () => void;
  readonly note: Note | undefined;
}

function noteOf({ bytes, sockets, failure, cancelled }: SendOutcome): Note {
  const { sent, cancelled: word } = strings.again;
  if (failure) return { failure };
  return { text: cancelled ? word : sent(bytes, sockets) };
}

/** Provides the actions on the messages `chosen`: one, or two to compare. */
export function useSentActions(
  session: string,
  composer: ComposerCalls | undefined,
  chosen: readonly SentMessage[],
): SentActions {
  const services = useServices();
  const [note, setNote] = useState<Note>();
  const [compared, setCompared] = useState<Compared>();
  const [first, second] = chosen;
  const only = second ? undefined : first;

  const fetch = (message: SentMessage, words: { tried: (seq: number) => string; tooLarge: string }, maxBytes: number) =>
    recordedMessage(
      services.client,
      { session, row: message.row, info: message.info },
      { maxBytes, tried: words.tried(message.row.seq), hint: words.tooLarge },
    );
  const sendAgain = async (message: SentMessage, to: ComposerCalls) => {
    setNote({ text: strings.again.sending });
    const fetched = await fetch(message, strings.again, maxSendBytes);
    if (!fetched.ok) return setNote({ failure: fetched.error });
    const tried = strings.again.tried(message.row.seq);
    const outcome = await to.sendAgain({ ...fetched.value, framing: message.info?.framing, tried });
    // Without an outcome, something else is still being sent.
    if (outcome) setNote(noteOf(outcome));
  };
  const use = async (message: SentMessage, { tab }: ComposerCalls) => {
    const fetched = await fetch(message, strings.use, maxDocumentBytes);
    if (!fetched.ok) return setNote({ failure: fetched.error });
    const { format, text } = guessPayload(fetched.value.body);
    closeDialog(services.dialogs);
    showPayload(services, tab, { name: strings.use.name(message.row.seq), format, text });
  };
  const compare = async (older: SentMessage, newer: () => Promise<Result<Uint8Array>>, modifiedLabel: string) => {
    const { record } = strings.comparison;
    const original = await fetch(older, strings.comparison, maxComparedBytes);
    if (!original.ok) return setNote({ failure: original.error });
    const modified = await newer();
    if (!modified.ok) return setNote({ failure: modified.error });
    setNote(undefined);
    setCompared({
      original: original.value.body,
      originalLabel: record(older.row.seq),
      modified: modified.value,
      modifiedLabel,
    });
  };
  const compareTwo = (one: SentMessage, other: SentMessage) => {
    const [older, newer] = one.row.seq < other.row.seq ? [one, other] : [other, one];
    const bodyOf = async (): Promise<Result<Uint8Array>> => {
      const fetched = await fetch(newer, strings.comparison, maxComparedBytes);
      return fetched.ok ? { ok: true, value: fetched.value.body } : fetched;
    };
    return compare(older, bodyOf, strings.comparison.record(newer.row.seq));
  };

  return {
    sendAgain: composer && only && !only.isPart ? () => void sendAgain(only, composer) : undefined,
    isPart: only?.isPart === true,
    use: composer && only ? () => void use(only, composer) : undefined,
    compareWithEditor:
      composer && only ? () => void compare(only, composer.bytesToSend, strings.comparison.editor) : undefined,
    compareTwo: first && second ? () => void compareTwo(first, second) : undefined,
    compared,
    endComparison: () => setCompared(undefined),
    note,
  };
}
