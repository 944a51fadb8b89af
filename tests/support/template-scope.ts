import fc from 'fast-check';
import { toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8Lossy, encodeUtf8 } from '#shared/bytes/text.ts';
import type { PayloadFormat } from '#shared/payload/payload.ts';
import type { Scope, Sources } from '#shared/template/scope.ts';
import { parseTemplate, render } from '#shared/template/template.ts';

/** The time of every message that is rendered with `sampleScope`. */
export const sampleTime = Date.UTC(2026, 0, 2, 3, 4, 5, 678);

/** Sources whose results are always the same: random bytes count up from 0. */
export const sampleSources: Sources = {
  clock: () => sampleTime,
  randomBytes: (length) => Uint8Array.from({ length }, (_, index) => index),
  file: (path) =>
    path === 'greeting.txt'
      ? { ok: true, value: encodeUtf8('Hello') }
      : { ok: false, reason: `The file ${path} is not in the workspace` },
  env: (name) => (name === 'LAB' ? 'north' : undefined),
  // The check value of the catalogue, for the text “123456789” only.
  checksum: (name) => (name === 'crc-16/modbus' ? Uint8Array.of(0x4b, 0x37) : undefined),
  xpath: (_, expression) => (expression === '/a/b' ? { ok: true, value: '7' } : { ok: false, reason: 'No node' }),
};

/** Returns the scope of the examples in the documentation; `more` replaces parts of it. */
export function sampleScope(more: Partial<Scope> = {}): Scope {
  return {
    environment: { name: 'Ada', city: 'London' },
    connection: { host: 'device.local', port: 7_000, transport: 'tcp' },
    last: encodeUtf8('{"id":9007199254740993,"v": 42,"tags":["b","a"]}'),
    message: 3,
    counters: new Map(),
    sources: sampleSources,
    ...more,
  };
}

/** Returns the payload that a template renders: hex digits for `hex`, text for the others, or the reason of its problem. */
export function rendered(format: PayloadFormat, text: string, more?: Partial<Scope>): string {
  const template = parseTemplate(format, text);
  const result = template.ok ? render(template.value, sampleScope(more)) : template;
  if (!result.ok) return result.problem.reason;
  return format === 'hex' ? toHex(result.value, ' ') : decodeUtf8Lossy(result.value);
}

/** Texts of any code points, lone surrogates too. */
export const anyText = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 0xff }), fc.integer({ min: 0, max: 0x10ffff })), { maxLength: 20 })
  .map((codes) => String.fromCodePoint(...codes));
