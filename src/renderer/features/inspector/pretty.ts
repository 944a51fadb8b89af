import { shortText } from '#shared/bytes/clusters.ts';
import { decodeUtf8 } from '#shared/bytes/text.ts';
import { parseJson } from '#shared/payload/json.ts';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import { type PayloadProblem, problemText } from '#shared/payload/problem.ts';
import { parseXml } from '#shared/payload/xml.ts';
import { strings } from './strings.ts';
import { jsonTree, type TreeNode, xmlTree } from './tree.ts';

/** A message as a tree, or a sentence that explains why it has none. */
export type Pretty =
  | { readonly ok: true; readonly format: PayloadFormat; readonly root: TreeNode; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Larger messages have no tree: it would be too slow to be useful. */
export const maxPrettyBytes = 2_000_000;

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
