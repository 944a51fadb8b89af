import { type Ref, useMemo } from 'react';
import { limitMarks, shortText } from '#shared/bytes/clusters.ts';
import { decodeUtf8, encodeUtf8, previewText } from '#shared/bytes/text.ts';
import { parseJson } from '#shared/payload/json.ts';
import { guessPayload, type PayloadFormat } from '#shared/payload/payload.ts';
import { type PayloadProblem, problemText } from '#shared/payload/problem.ts';
import { parseXml } from '#shared/payload/xml.ts';
import { showPayload } from '../../state/payload-documents.ts';
import type { Selection } from '../../state/selection.ts';
import { useServices } from '../../state/services.ts';
import { Button } from '../../ui/button.tsx';
import { FailureBox } from '../../ui/fallback.tsx';
import { escapeSymbols } from '../../ui/text.ts';
import styles from './inspector.module.css';
import { unescapeOf, usePayload } from './record-data.ts';
import { strings } from './strings.ts';
import { jsonTree, type TreeNode, xmlTree } from './tree.ts';
import { type TreeFinder, TreeView } from './tree-view.tsx';

/** A message as a tree, or a sentence that explains why it has none. */
type Pretty =
  | { readonly ok: true; readonly format: PayloadFormat; readonly root: TreeNode; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Larger messages have no tree: it would be too slow to be useful. */
const maxPrettyBytes = 2_000_000;

/** Parses `body`, a message without its framing, as JSON or XML. */
export function prettyOf(body: Uint8Array): Pretty {
  const text = decodeUtf8(body);
  if (text === undefined) return { ok: false, reason: strings.tree.notText };
  const start = text.trimStart()[0];
  if (start === undefined) return { ok: false, reason: strings.tree.empty };
  if (start === '<') {
    const parsed = parseXml(text);
    if (parsed.ok) return { ok: true, format: 'xml', root: xmlTree(text, parsed.value), text };
    return { ok: false, reason: invalidText('XML', parsed.problem) };
  }
  const parsed = parseJson(text);
  if (parsed.ok) return { ok: true, format: 'json', root: jsonTree(text, parsed.value), text };
  if (start === '{' || start === '[') return { ok: false, reason: invalidText('JSON', parsed.problem) };
  return { ok: false, reason: strings.tree.otherFormat };
}

function invalidText(format: string, problem: PayloadProblem): string {
  return strings.tree.invalid(format, shortText(problemText(problem)));
}

interface PrettyViewProps {
  readonly tab: string;
  readonly selection: Selection;
  readonly finder: Ref<TreeFinder>;
  /** The text to find; empty for none. */
  readonly needle: string;
}

/** A JSON or XML message as a tree, or a sentence that explains why it has no tree. */
export function PrettyView({ tab, selection, finder, needle }: PrettyViewProps) {
  const services = useServices();
  const { tabs } = services;
  const { row, info } = selection;
  const escaping = useMemo(() => unescapeOf(row, info), [row, info]);
  const payload = usePayload(selection.session, row.seq, Math.min(row.length, maxPrettyBytes));
  const body = useMemo(() => {
    if (!payload) return undefined;
    if (escaping) return escaping.read(payload.bytes);
    return payload.bytes.subarray(row.head, Math.max(row.head, payload.bytes.length - row.tail));
  }, [payload, escaping, row.head, row.tail]);
  const isWhole = row.length <= maxPrettyBytes;
  const pretty = useMemo(() => (body && isWhole ? prettyOf(body) : undefined), [body, isWhole]);
  if (payload?.failure) return <FailureBox failure={payload.failure} />;
  if (!payload || !body) return null;
  if (!isWhole) {
    return <p className={styles.sentence}>{strings.tree.tooLarge(row.length, maxPrettyBytes)}</p>;
  }
  if (payload.bytes.length < row.length || !pretty) return null;

  const canCompose = tabs.getState().tabs.some(({ id, kind }) => id === tab && kind === 'endpoint');
  const compose = (bytes: Uint8Array) => {
    const { format, text } = guessPayload(bytes);
    showPayload(services, tab, { name: strings.payloadName(row.seq), format, text });
  };
  // The root is the whole message, including a byte order mark and anything before or after the document.
  const use = (node: TreeNode) => compose(pretty.ok && node === pretty.root ? body : encodeUtf8(node.source()));
  if (!pretty.ok) {
    return (
      <div className={styles.event}>
        <p className={styles.sentence}>{pretty.reason}</p>
        {escaping ? <p>{escaping.note}</p> : null}
        <pre className={styles.excerpt}>{limitMarks(escapeSymbols(escaping ? previewText(body) : row.preview))}</pre>
        {canCompose ? <Button onClick={() => compose(body)}>{strings.usePayload}</Button> : null}
      </div>
    );
  }
  return <TreeView tab={tab} root={pretty.root} finder={finder} needle={needle} onUse={canCompose ? use : undefined} />;
}
