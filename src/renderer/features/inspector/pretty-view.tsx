import { type Ref, useMemo } from 'react';
import { limitMarks } from '#shared/bytes/clusters.ts';
import { encodeUtf8, previewText } from '#shared/bytes/text.ts';
import { guessPayload } from '#shared/payload/payload.ts';
import { replaceDraft } from '../../client/drafts-store.ts';
import type { Selection } from '../../client/selection-store.ts';
import { useServices } from '../../client/use-services.ts';
import { Button } from '../../ui/button.tsx';
import { escapeSymbols } from '../../ui/escape-symbol.ts';
import { FailureBox } from '../../ui/failure-box.tsx';
import { unescapeOf } from './escaped.ts';
import styles from './inspector.module.css';
import { maxPrettyBytes, prettyOf } from './pretty.ts';
import { strings } from './strings.ts';
import type { TreeNode } from './tree.ts';
import { type TreeFinder, TreeView } from './tree-view.tsx';
import { usePayload } from './use-payload.ts';

interface PrettyViewProps {
  readonly tab: string;
  readonly selection: Selection;
  readonly finder: Ref<TreeFinder>;
  /** The text to find; empty for none. */
  readonly needle: string;
}

/** A JSON or XML message as a tree, or a sentence that explains why it has no tree. */
export function PrettyView({ tab, selection, finder, needle }: PrettyViewProps) {
  const { drafts, tabs } = useServices();
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
    replaceDraft(drafts, tab, { name: strings.payloadName(row.seq), format, text, changed: false });
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
