import { toHex } from '#shared/bytes/hex.ts';
import { classes } from '../../ui/classes.ts';
import { asciiCells, hexCells } from './hex-rows.ts';
import styles from './inspector.module.css';
import type { Match } from './use-find.ts';

interface HexCellsProps {
  readonly bytes: Uint8Array;
  /** Offset of the first byte in the message. */
  readonly at: number;
  readonly rowBytes: number;
  readonly match: Match | undefined;
  /** Offsets at which a read begins. */
  readonly starts: ReadonlySet<number>;
}

/** The bytes of one row in hex and ASCII. A match is highlighted, and a thin line marks the start of a read. */
export function HexCells({ bytes, at, rowBytes, match, starts }: HexCellsProps) {
  const isPlain =
    (!match || match.at >= at + bytes.length || match.at + match.length <= at) && !hasStart(bytes, at, starts);
  if (isPlain) {
    return (
      <>
        <span>{hexCells(bytes, rowBytes)}</span>
        <span className={styles.ascii}>{asciiCells(bytes)}</span>
      </>
    );
  }
  const lookOf = (index: number) => {
    const offset = at + index;
    const isFound = match !== undefined && offset >= match.at && offset < match.at + match.length;
    return classes(isFound && styles.match, starts.has(offset) && styles.readStart) || undefined;
  };
  const ascii = asciiCells(bytes);
  const cells = Array.from({ length: rowBytes }, (_, index) => ({
    offset: at + index,
    hex: index < bytes.length ? toHex(bytes.subarray(index, index + 1)) : '  ',
    gap: index === rowBytes / 2 - 1 ? '  ' : ' ',
    look: lookOf(index),
    char: ascii[index] ?? '',
  }));
  return (
    <>
      <span>
        {cells.map(({ offset, hex, gap, look }) => (
          <span key={offset}>
            <span className={look}>{hex}</span>
            {gap}
          </span>
        ))}
      </span>
      <span className={styles.ascii}>
        {cells.map(({ offset, char, look }) => (
          <span key={offset} className={look}>
            {char}
          </span>
        ))}
      </span>
    </>
  );
}

function hasStart(bytes: Uint8Array, at: number, starts: ReadonlySet<number>): boolean {
  if (starts.size === 0) return false;
  for (let offset = at; offset < at + bytes.length; offset += 1) if (starts.has(offset)) return true;
  return false;
}
