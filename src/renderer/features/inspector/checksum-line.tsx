import { useMemo } from 'react';
import type { ChecksumSpec, FoundChecksum } from '#shared/bytes/checksums/spec.ts';
import { toHex } from '#shared/bytes/hex.ts';
import { decodeUtf8Lossy } from '#shared/bytes/text.ts';
import { checkedBy, checksumOf, foundChecksum, maxCheckedBytes } from '#shared/record/received-checksum.ts';
import type { Selection } from '../../state/selection.ts';
import { classes } from '../../ui/text.ts';
import styles from './inspector.module.css';
import { usePayload } from './record-data.ts';
import { strings } from './strings.ts';

const texts = strings.checksum;

/** The checksum of a received message beside the expected one, or why it is not checked; nothing for a socket without a check. */
export function ChecksumLine({ selection }: { readonly selection: Selection }) {
  const { row, info } = selection;
  const wanted = row.kind === 'in' ? checksumOf(info) : undefined;
  if (wanted === undefined || info?.checksum === undefined) return null;
  const spec = checkedBy(row, info);
  if (spec) return <Verdict selection={selection} name={info.checksum} spec={spec} />;
  const reason = wanted.ok
    ? row.length > maxCheckedBytes
      ? texts.tooLong(maxCheckedBytes)
      : texts.notWhole
    : wanted.error.system;
  return <span className={styles.checksum}>{texts.notChecked(info.checksum, reason ?? '')}</span>;
}

interface VerdictProps {
  readonly selection: Selection;
  /** The spelling of the checksum. */
  readonly name: string;
  readonly spec: ChecksumSpec;
}

function Verdict({ selection: { session, row, info }, name, spec }: VerdictProps) {
  const payload = usePayload(session, row.seq, row.length);
  const isLoaded = payload !== undefined && payload.bytes.length === row.length;
  const found = useMemo(
    () => (isLoaded ? foundChecksum(row, info, payload.bytes, spec) : undefined),
    [isLoaded, payload, row, info, spec],
  );
  if (!found) return null;
  const isOk = found.verdict === 'ok';
  return (
    <span className={classes(styles.checksum, isOk ? styles.good : styles.bad)}>{verdictText(name, found, spec)}</span>
  );
}

function verdictText(name: string, { verdict, found, expected }: FoundChecksum, { form }: ChecksumSpec): string {
  const written = (bytes: Uint8Array) =>
    form === 'bytes' ? toHex(bytes, ' ').toUpperCase() : decodeUtf8Lossy(bytes).toUpperCase();
  if (verdict === 'missing') return texts.missing(name);
  if (verdict === 'ok') return texts.ok(name, written(found));
  return texts.bad(name, written(found), expected.length === 0 ? texts.noExpected : written(expected));
}
