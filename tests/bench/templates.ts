// `node tests/bench/templates.ts`: how fast templates are rendered, against encoding a fixed payload of the same size for each message.

import { webcrypto } from 'node:crypto';
import { Liquid } from 'liquidjs';
import { type PayloadFormat, payloadBytes } from '#shared/payload/payload.ts';
import type { Scope } from '#shared/template/scope.ts';
import { parseTemplate, render } from '#shared/template/template.ts';
import { median, report } from './statistics.ts';

const messages = 50_000;

const scope: Scope = {
  environment: { name: 'Ada "L"', limit: 12.5 },
  connection: { host: 'device.local', port: 7_000 },
  last: Buffer.from('{"id":9007199254740993,"items":["a","b"]}'),
  counters: new Map(),
  sources: {
    clock: () => Date.now(),
    randomBytes: (length) => webcrypto.getRandomValues(new Uint8Array(length)),
  },
};

const counterAndTime = '{"n": {{ counter }}, "at": "{{ now }}"}';
const modbus =
  '{% capture pdu %}03 {{ counter | modulo: 1000 | u16be }} 00 0a{% endcapture %}{{ pdu | length_bytes | u16be }} {{ pdu }}';
const subjects: readonly (readonly [name: string, format: PayloadFormat, text: string])[] = [
  ['counter and time', 'json', counterAndTime],
  ['variables', 'xml', '<a n="{{ counter }}" b="{{ name }}">{{ limit | times: 2 }}</a>'],
  ['uuid', 'json', '{"id": "{{ uuid }}"}'],
  ['path of the last message', 'json', '{"reply": {{ last | json: "$.id" }}}'],
  ['length of a block', 'hex', modbus],
  ['loop of 10', 'text', '{% for i in (1..10) %}{{ i }},{% endfor %}'],
];

/** Messages a second of each template, as a ratio to a fixed payload; and of LiquidJS's own rendering. */
export function benchTemplates(rounds: number): void {
  for (const [name, format, text] of subjects) {
    const template = parseTemplate(format, text);
    if (!template.ok) throw new Error(template.problem.reason);
    const rendering = () => lengthOf(render(template.value, scope));
    const fixed = fixedPayload(format, rendering());
    compare(`template ${name} ÷ fixed payload`, rounds, rendering, fixed);
  }
  const liquid = new Liquid();
  const parsed = liquid.parse(counterAndTime);
  let counter = 0;
  const rendering = () => {
    counter += 1;
    return Buffer.byteLength(liquid.renderSync(parsed, { counter, now: new Date().toISOString() }));
  };
  compare('LiquidJS counter and time ÷ fixed payload', rounds, rendering, fixedPayload('json', rendering()));
}

/** Returns what encodes a payload of `length` bytes. */
function fixedPayload(format: PayloadFormat, length: number): () => number {
  const text = format === 'hex' ? '61 '.repeat(length) : 'a'.repeat(length);
  return () => lengthOf(payloadBytes(format, text));
}

function lengthOf(result: ReturnType<typeof payloadBytes>): number {
  if (!result.ok) throw new Error(result.problem.reason);
  return result.value.length;
}

function compare(name: string, rounds: number, ours: () => number, plain: () => number): void {
  // Once to compile, not measured.
  speedOf(ours);
  speedOf(plain);
  const pairs = Array.from({ length: rounds }, () => [speedOf(ours), speedOf(plain)] as const);
  const ratios = pairs.map(([one, other]) => one / other);
  const [rendered, fixed] = [0, 1].map((index) => median(pairs.map((pair) => pair[index] as number)).toFixed(0));
  report(name, ratios, `${rendered} of ${fixed} thousand messages/s`);
}

/** Thousands of messages a second. */
function speedOf(message: () => number): number {
  let bytes = 0;
  const startedAt = performance.now();
  for (let count = 0; count < messages; count += 1) bytes += message();
  if (bytes === 0) throw new Error('the messages are empty');
  return messages / (performance.now() - startedAt);
}

if (import.meta.main) benchTemplates(7);
