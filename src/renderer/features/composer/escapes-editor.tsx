import { useEffect, useRef, useState } from 'react';
import { useStore } from 'zustand/react';
import { decodeText, type EncodingName, encodeText, loadEncoding } from '#shared/bytes/encodings.ts';
import { formatEscapes, parseEscapes } from '#shared/bytes/escapes.ts';
import { type Checked, problemAt, problemText } from '#shared/payload/problem.ts';
import { encodingNamed } from '#shared/payload/sent-bytes.ts';
import { changeDraft, draftOf } from '../../state/drafts.ts';
import { useServices } from '../../state/services.ts';
import { strings } from './strings.ts';
import styles from './written.module.css';
import { createEscapesView, setEscapesProblem } from './written-payload.ts';

const texts = strings.escapes;

/** Returns `text` with escapes for what its characters do not show. */
function escaped(text: string, encoding: EncodingName): Checked<string> {
  const bytes = encodeText(text, encoding);
  if (!bytes.ok) return { ok: false, problem: problemAt(text, bytes.at, bytes.reason) };
  const shown = formatEscapes(bytes.bytes, encoding);
  return shown.ok ? { ok: true, value: shown.text } : { ok: false, problem: problemAt(text, shown.at, shown.reason) };
}

/** Returns the text that `shown` describes; the problem is a wrong escape, or bytes that are not text. */
function unescaped(shown: string, encoding: EncodingName): Checked<string> {
  const bytes = parseEscapes(shown, encoding);
  if (!bytes.ok) return { ok: false, problem: problemAt(shown, bytes.at, bytes.reason) };
  const text = decodeText(bytes.bytes, encoding);
  if (text.ok) return { ok: true, value: text.text };
  return { ok: false, problem: problemAt(shown, 0, texts.noText(text.at, text.reason)) };
}

/** The text of a payload with escapes: `\n`, `\x1b`, `\u00e9`. Editing them changes the text; a wrong one prevents sending. */
export default function EscapesEditor({ tab }: { readonly tab: string }) {
  const services = useServices();
  const { drafts } = services;
  const { text, encoding } = useStore(drafts, (state) => draftOf(state, tab));
  const problem = useStore(services.own(createEscapesView), ({ problems }) => problems.get(tab));
  const name = encodingNamed(encoding) ?? 'utf-8';
  const [loaded, setLoaded] = useState<EncodingName>();
  const [shown, setShown] = useState('');
  /** The text that `shown` describes. */
  const described = useRef<string>(undefined);
  useEffect(() => {
    let isCurrent = true;
    void loadEncoding(name).then(() => isCurrent && setLoaded(name));
    described.current = undefined;
    return () => {
      isCurrent = false;
    };
  }, [name]);
  useEffect(() => () => setEscapesProblem(services, tab, undefined), [services, tab]);
  // Another part of the window may have changed the text.
  useEffect(() => {
    if (loaded !== name || described.current === text) return;
    const next = escaped(text, name);
    described.current = text;
    if (next.ok) setShown(next.value);
    setEscapesProblem(services, tab, next.ok ? undefined : next.problem);
  }, [services, tab, loaded, name, text]);
  const edit = (value: string) => {
    setShown(value);
    const next = unescaped(value, name);
    setEscapesProblem(services, tab, next.ok ? undefined : next.problem);
    if (!next.ok || next.value === text) return;
    described.current = next.value;
    const { revision } = draftOf(drafts.getState(), tab);
    changeDraft(drafts, tab, { text: next.value, changed: true, outcome: undefined, revision: revision + 1 });
  };
  return (
    <div className={styles.escapes}>
      <textarea
        aria-label={texts.editor}
        aria-invalid={problem ? true : undefined}
        className={styles.text}
        data-focus="payload"
        spellCheck={false}
        readOnly={loaded !== name}
        value={shown}
        onChange={({ target }) => edit(target.value)}
      />
      {problem ? (
        <p role="alert" className={styles.problem}>
          {problemText(problem)}
        </p>
      ) : null}
    </div>
  );
}
