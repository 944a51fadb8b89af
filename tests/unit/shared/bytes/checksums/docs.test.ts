import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { appendChecksum, checkChecksum, parseChecksumSpec } from '#shared/bytes/checksums/spec.ts';
import { parseHex } from '#shared/bytes/hex.ts';
import { encodeUtf8 } from '#shared/bytes/text.ts';
import { withTables } from '../../../../../tools/checksum-tables.ts';

const page = readFileSync(new URL('../../../../../docs/checksums.md', import.meta.url), 'utf8');
const [, examples = ''] = page.split('## Examples\n');
const rows = [...examples.matchAll(/^\| [^|`]+ \| `([^`]+)` \| `([^`]+)` `([^`]+)` \|$/gm)];

/** Example messages are text if they are not pairs of hex digits. */
function bytesOf(text: string): Uint8Array {
  const parsed = /^[0-9a-f]{2}(?: [0-9a-f]{2})*$/.test(text) ? parseHex(text) : undefined;
  return parsed?.ok ? parsed.bytes : encodeUtf8(text);
}

describe('docs/checksums.md', () => {
  test('has the tables of the catalogue (node tools/checksum-tables.ts writes them)', () => {
    expect(withTables(page)).toBe(page);
  });

  test('has examples that are as Wirebench computes them', () => {
    expect(rows).toHaveLength(8);
    for (const [, spelling = '', payload = '', checksum = ''] of rows) {
      const spec = parseChecksumSpec(spelling);
      if (!spec.ok) throw new Error(spec.error.system);
      const message = new Uint8Array([...bytesOf(payload), ...bytesOf(checksum)]);
      const appended = appendChecksum(bytesOf(payload), spec.value);
      expect(appended.ok && appended.value, spelling).toEqual(message);
      expect(checkChecksum(message, spec.value), spelling).toBe('ok');
    }
  });
});
