import { jsonStringValue, parseJson } from './json.ts';
import type { JsonNode } from './json-syntax.ts';
import { ConvertedText } from './losses.ts';
import { type Checked, Malformed, problemAt } from './problem.ts';

/**
 * Converts a JSON document to YAML in block style. Numbers are exactly as written; texts are plain where no YAML program can read them
 * otherwise. The problem is the first mistake of the JSON, or the maximum length.
 */
export function jsonToYaml(text: string): Checked<string> {
  const parsed = parseJson(text);
  if (!parsed.ok) return parsed;
  const writer = new YamlWriter(text);
  try {
    writer.value(parsed.value, 0, '');
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ok: false, problem: problemAt(text, error.mistake.at, error.mistake.message) };
  }
  return { ok: true, value: writer.output.toString() };
}

class YamlWriter {
  readonly output = new ConvertedText();
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** Writes `node` after `lead`, the beginning of the same line. */
  value(node: JsonNode, depth: number, lead: string): void {
    if (node.kind === 'object' && node.members.length > 0) this.#block(node, depth, lead);
    else if (node.kind === 'array' && node.items.length > 0) this.#block(node, depth, lead);
    else this.#write(`${lead}${this.#scalar(node)}\n`, node);
  }

  #scalar(node: JsonNode): string {
    if (node.kind === 'object') return '{}';
    if (node.kind === 'array') return '[]';
    const source = this.#text.slice(node.at, node.end);
    return node.kind === 'string' ? yamlString(jsonStringValue(source)) : source;
  }

  #block(node: JsonNode & { readonly kind: 'object' | 'array' }, depth: number, lead: string): void {
    const isItem = lead.endsWith('- ');
    if (lead !== '' && !isItem) this.#write(`${lead.trimEnd()}\n`, node);
    const pad = '  '.repeat(depth);
    let start = isItem ? lead : pad;
    const entries =
      node.kind === 'array' ? node.items.map((value) => ({ value, mark: '- ' })) : this.#members(node, pad);
    for (const { value, mark } of entries) {
      this.value(value, depth + 1, `${start}${mark}`);
      start = pad;
    }
  }

  /** The members of an object; of duplicate keys the last value, at the place of the first. */
  #members(
    { members }: JsonNode & { readonly kind: 'object' },
    pad: string,
  ): readonly { readonly value: JsonNode; readonly mark: string }[] {
    const last = new Map<string, JsonNode>();
    for (const { keyAt, keyEnd, value } of members) last.set(jsonStringValue(this.#text.slice(keyAt, keyEnd)), value);
    return [...last].map(([key, value]) => {
      const written = yamlString(key);
      return { value, mark: written.length > maxImplicitKey ? `? ${written}\n${pad}: ` : `${written}: ` };
    });
  }

  #write(part: string, { at }: JsonNode): void {
    if (this.output.push(part)) return;
    throw new Malformed({ at, length: 1, severity: 'error', message: 'The result would be too long' });
  }
}

/** A longer key needs an indicator (YAML 1.2.2, 7.4.2: 1024 characters). */
const maxImplicitKey = 1_000;
const plainText = /^[A-Za-z_](?:[\w./ -]*[\w./-])?$/;
/** Texts that programs for YAML 1.1 or 1.2 read as another value. */
const reserved = /^(?:true|false|yes|no|on|off|null|y|n)$/i;
/** Characters that a double-quoted text has to escape and JSON does not (YAML 1.2.2, 5.1). */
const unprintable = /[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]/g;

/** Returns a text as a scalar of YAML: plain, or in double quotes as JSON writes it. */
function yamlString(text: string): string {
  if (text.length <= maxImplicitKey && plainText.test(text) && !reserved.test(text)) return text;
  const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(text).replace(unprintable, escaped);
}
