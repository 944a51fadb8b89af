import { shortText } from '#shared/bytes/clusters.ts';
import { decodeUtf8 } from '#shared/bytes/text.ts';
import { parseJson } from '#shared/payload/json.ts';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import { type PayloadProblem, problemText } from '#shared/payload/problem.ts';
import { parseXml } from '#shared/payload/xml.ts';
import { jsonTree, type TreeNode, xmlTree } from './tree.ts';

/** A message as a tree, or a sentence why it is not one. */
export type Pretty =
  | { readonly ok: true; readonly format: PayloadFormat; readonly root: TreeNode; readonly text: string }
  | { readonly ok: false; readonly reason: string };

/** Above this the tree is not made: it would cost more than it shows. */
export const maxPrettyBytes = 2_000_000;

/** Reads `body`, a message without its framing, as JSON or XML. */
export function prettyOf(body: Uint8Array): Pretty {
  const text = decodeUtf8(body);
  if (text === undefined) return { ok: false, reason: 'These bytes are not UTF-8 text. Hex shows them as they are.' };
  const start = text.trimStart()[0];
  if (start === undefined) return { ok: false, reason: 'The message is empty or only white space.' };
  if (start === '<') {
    const parsed = parseXml(text);
    if (parsed.ok) return { ok: true, format: 'xml', root: xmlTree(text, parsed.value), text };
    return { ok: false, reason: notValid('XML', parsed.problem) };
  }
  const parsed = parseJson(text);
  if (parsed.ok) return { ok: true, format: 'json', root: jsonTree(text, parsed.value), text };
  if (start === '{' || start === '[') return { ok: false, reason: notValid('JSON', parsed.problem) };
  return { ok: false, reason: 'This is neither JSON nor XML, so there is no tree. Text shows it as it is.' };
}

function notValid(format: string, problem: PayloadProblem): string {
  return `It begins like ${format} but is not valid: ${shortText(problemText(problem))}.`;
}
