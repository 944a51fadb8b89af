import { Refused } from '../limits.ts';
import { isWhole, type Run } from '../scope.ts';
import { plain, reduced, toBytes } from '../values.ts';
import { type FilterFunction, filter, numberOf, shown, textOf } from './function.ts';

/** How a number is written as bytes. */
interface NumberLayout {
  readonly name: string;
  readonly bytes: number;
  readonly kind: 'unsigned' | 'signed' | 'float';
  readonly isLittle: boolean;
  readonly range: { readonly least: number | bigint; readonly most: number | bigint };
}

const kinds = [
  { letter: 'u', kind: 'unsigned', widths: [1, 2, 3, 4, 8], what: 'an unsigned integer' },
  { letter: 'i', kind: 'signed', widths: [1, 2, 3, 4, 8], what: 'a signed integer (two’s complement)' },
  { letter: 'f', kind: 'float', widths: [4, 8], what: 'a floating-point number (IEEE 754)' },
] as const;

const orders = [
  { suffix: 'be', isLittle: false, what: 'most significant byte first' },
  { suffix: 'le', isLittle: true, what: 'least significant byte first' },
] as const;

const layouts = kinds.flatMap(({ letter, kind, widths, what }) =>
  widths.flatMap((bytes): (NumberLayout & { help: string })[] => {
    const name = `${letter}${bytes * 8}`;
    const range = rangeOf(bytes, kind);
    if (bytes === 1) return [{ name, bytes, kind, isLittle: false, range, help: `Writes ${what} as one byte` }];
    return orders.map(({ suffix, isLittle, what: order }) => {
      return { name: name + suffix, bytes, kind, isLittle, range, help: `Writes ${what} as ${bytes} bytes, ${order}` };
    });
  }),
);

/** The filters that write numbers as bytes, and the one that reads them. */
export const binaryFilters: readonly FilterFunction[] = [
  ...layouts.map((layout) =>
    filter(layout.name, layout.help, [`{{ 7 | ${layout.name} }}`, exampleOf(layout)], (input, _, run) =>
      write(input, layout, run),
    ),
  ),
  filter(
    'read: layout',
    'Reads bytes as a number; the layout has the name of the filter that writes it',
    ['{{ last | bytes: 0, 2 | read: "u16be" }}', '31522'],
    (input, [name], run) => {
      const wanted = textOf(name, run);
      const layout = layouts.find((it) => it.name === wanted);
      if (!layout) throw new Refused(`There is no layout ${shown(wanted, run)}: use one such as \`u16be\``);
      return read(toBytes(input, run.budget), layout);
    },
  ),
];

function exampleOf(layout: NumberLayout): string {
  const bytes = layout.kind === 'float' ? floatBytes(7, layout) : integerBytes(7, layout);
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function write(input: unknown, layout: NumberLayout, run: Run): Uint8Array {
  const number = numberOf(input, run);
  if (layout.kind === 'float') return floatBytes(Number(number), layout);
  const { least, most } = layout.range;
  if (!isWhole(number) || number < least || number > most) {
    throw new Refused(
      `${shown(plain(number), run)} does not fit into \`${layout.name}\` (an integer from ${least} to ${most})`,
    );
  }
  return integerBytes(number, layout);
}

/** The integers of a layout: numbers where they are exact, which compare faster. */
function rangeOf(bytes: number, kind: NumberLayout['kind']): NumberLayout['range'] {
  const bits = BigInt(bytes * 8);
  if (kind === 'unsigned') return { least: 0, most: reduced((1n << bits) - 1n) };
  return { least: reduced(-(1n << (bits - 1n))), most: reduced((1n << (bits - 1n)) - 1n) };
}

function integerBytes(number: number | bigint, { bytes, isLittle }: NumberLayout): Uint8Array {
  const result = new Uint8Array(bytes);
  if (bytes <= 4) {
    let rest = Number(number);
    for (let index = 0; index < bytes; index += 1) {
      result[isLittle ? index : bytes - 1 - index] = rest & 0xff;
      rest = Math.floor(rest / 256);
    }
    return result;
  }
  new DataView(result.buffer).setBigInt64(0, BigInt.asIntN(64, BigInt(number)), isLittle);
  return result;
}

function floatBytes(number: number, { bytes, isLittle }: NumberLayout): Uint8Array {
  const result = new Uint8Array(bytes);
  const view = new DataView(result.buffer);
  if (bytes === 4) view.setFloat32(0, number, isLittle);
  else view.setFloat64(0, number, isLittle);
  return result;
}

function read(bytes: Uint8Array, layout: NumberLayout): number | bigint {
  if (bytes.length !== layout.bytes) {
    throw new Refused(`\`${layout.name}\` needs ${layout.bytes} bytes, not ${bytes.length}`);
  }
  const ordered = layout.isLittle ? bytes.toReversed() : bytes;
  if (layout.kind === 'float') {
    const view = new DataView(ordered.slice().buffer);
    return layout.bytes === 4 ? view.getFloat32(0) : view.getFloat64(0);
  }
  let value = 0n;
  for (const byte of ordered) value = (value << 8n) | BigInt(byte);
  const bits = layout.bytes * 8;
  return reduced(layout.kind === 'signed' ? BigInt.asIntN(bits, value) : value);
}
