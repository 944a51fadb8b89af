import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { decodeUtf8, encodeUtf8 } from '#shared/bytes/text.ts';
import { formatRecord, jsonlFormat } from '#shared/export/formats/jsonl.ts';
import { textFormat } from '#shared/export/formats/text.ts';
import { jsonStringValue, parseJson } from '#shared/payload/json.ts';
import { payloadBytes } from '#shared/payload/payload.ts';
import type { Row } from '#shared/record/record.ts';
import { type Case, outsideData, type Suite } from '../suite.ts';

/** A record of `text` as the export format writes it. */
function exported(format: typeof jsonlFormat, text: string): string {
  const bytes = encodeUtf8(text);
  const row: Row = {
    seq: 1,
    offset: 0,
    at: 0,
    socket: 1,
    kind: 'in',
    length: bytes.length,
    head: 0,
    tail: 0,
    flags: 0,
    preview: '',
  };
  return formatRecord(format, row, bytes, undefined);
}

function sent(text: string): string {
  const bytes = payloadBytes('text', text);
  return bytes.ok ? String(decodeUtf8(bytes.value)) : bytes.problem.reason;
}

function asJson(text: string): string {
  const literal = JSON.stringify(text);
  const parsed = parseJson(literal);
  return parsed.ok ? jsonStringValue(literal.slice(parsed.value.at, parsed.value.end)) : parsed.problem.reason;
}

/** Strings that have broken other programs. */
export const naughtyStrings: Suite = {
  name: 'naughty strings',
  proves: 'any text is sent, checked and exported as it is, on one line of its own',
  async cases() {
    const folder = outsideData('big-list-of-naughty-strings');
    if (folder === undefined) return undefined;
    const texts = z.array(z.string()).parse(JSON.parse(readFileSync(join(folder, 'blns.json'), 'utf8')));
    return texts.flatMap((text, index): Case[] => {
      const line = exported(jsonlFormat, text);
      const record = z.object({ text: z.string() }).parse(JSON.parse(line));
      return [
        { name: `send ${index}`, right: text, actual: sent(text) },
        { name: `JSON ${index}`, right: text, actual: asJson(text) },
        {
          name: `JSON line ${index}`,
          right: `${text} on 1 line`,
          actual: `${record.text} on ${line.trimEnd().split('\n').length} line`,
        },
        {
          name: `text ${index}`,
          right: 'no control characters',
          actual: /[\u0000-\u0008\u000b-\u001f\u007f]/.test(exported(textFormat, text))
            ? 'some'
            : 'no control characters',
        },
      ];
    });
  },
};
