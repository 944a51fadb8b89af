import { useEffect, useState } from 'react';
import { toHex } from '#shared/bytes/hex.ts';
import { isUnframeable } from '#shared/framing/framing.ts';
import { encodeMessage, frameAround, isEscaped, parseFraming } from '#shared/framing/spec.ts';
import { problemText } from '#shared/payload/problem.ts';
import { type Draft, writtenOf } from '../../state/drafts.ts';
import { useServices } from '../../state/services.ts';
import type { EndpointTab } from '../../state/tabs.ts';
import { asciiOf } from '../../ui/text.ts';
import { VirtualList } from '../../ui/virtual-list.tsx';
import { type ByteCheck, checkBytes } from './check-bytes.ts';
import styles from './exact-bytes.module.css';
import { strings } from './strings.ts';
import { useFirstTarget } from './use-byte-check.ts';

const texts = strings.exact;
const rowBytes = 16;
const rowHeight = 18;
/** The bytes that are shown. */
const maxShownBytes = 65_536;

type Part = 'framing' | 'payload' | 'checksum';

/** Bytes as they leave, and the part of a message that each one is. */
interface Exact {
  readonly bytes: Uint8Array;
  /** All bytes of the message, of which `bytes` are the first. */
  readonly length: number;
  /** The lengths of the framing before and after the payload, and of the checksum at the end of the payload. */
  readonly head: number;
  readonly tail: number;
  readonly checksum: number;
}

/** Returns the bytes that `check` is sent as with a framing; the reason if the framing cannot contain them. */
function exactBytes(check: Pick<ByteCheck, 'bytes' | 'length' | 'checksumLength'>, framing: string): Exact | string {
  const { bytes = new Uint8Array(0), length = 0, checksumLength: checksum } = check;
  const spec = framing === '' ? undefined : parseFraming(framing);
  if (!spec) return { bytes: bytes.subarray(0, maxShownBytes), length, head: 0, tail: 0, checksum };
  if (bytes.length === length) {
    const encoded = encodeMessage(spec, bytes);
    if (isUnframeable(encoded)) return encoded.problem;
    // Where the framing changes bytes of the payload, the checksum is not at a known place.
    const isChanged = isEscaped(spec);
    return {
      bytes: encoded.bytes.subarray(0, maxShownBytes),
      length: encoded.bytes.length,
      head: encoded.head,
      // A delimiter that a reader keeps in the message is added too.
      tail: isChanged ? encoded.tail : encoded.bytes.length - encoded.head - length,
      checksum: isChanged ? 0 : checksum,
    };
  }
  const frame = frameAround(spec, length);
  // Such a framing depends on every byte of the message.
  if (isUnframeable(frame)) return { bytes, length, head: 0, tail: 0, checksum };
  const joined = new Uint8Array(frame.head.length + bytes.length);
  joined.set(frame.head);
  joined.set(bytes, frame.head.length);
  return {
    bytes: joined.subarray(0, maxShownBytes),
    length: frame.head.length + length + frame.tail.length,
    head: frame.head.length,
    tail: frame.tail.length,
    checksum,
  };
}

/** Returns the part of the message that the byte at `at` belongs to. */
function partAt({ length, head, tail, checksum }: Exact, at: number): Part {
  if (at < head || at >= length - tail) return 'framing';
  return at >= length - tail - checksum ? 'checksum' : 'payload';
}

/** The cells of a row, joined where they are the same part. */
function runsOf(exact: Exact, from: number): { readonly part: Part; readonly from: number; readonly to: number }[] {
  const runs: { part: Part; from: number; to: number }[] = [];
  const end = Math.min(from + rowBytes, exact.bytes.length);
  for (let at = from; at < end; at += 1) {
    const part = partAt(exact, at);
    const last = runs.at(-1);
    if (last?.part === part) last.to = at + 1;
    else runs.push({ part, from: at, to: at + 1 });
  }
  return runs;
}

interface ExactBytesProps {
  readonly tab: EndpointTab;
  readonly draft: Draft;
  /** The framing that is added; empty for none. */
  readonly framing: string;
}

/** The bytes that Send sends, in hex: with the framing and the checksum, the first 64 KiB. */
export default function ExactBytes({ tab, draft, framing }: ExactBytesProps) {
  const { client, workspace } = useServices();
  const socket = useFirstTarget(tab, draft);
  const [check, setCheck] = useState<ByteCheck>();
  useEffect(() => {
    let isCurrent = true;
    void checkBytes(client, writtenOf({ workspace }, draft), socket).then((next) => {
      if (isCurrent) setCheck(next);
    });
    return () => {
      isCurrent = false;
    };
  }, [client, workspace, draft, socket]);
  if (!check) return <p className={styles.note}>{texts.loading}</p>;
  const [problem] = check.isUnsendable ? check.problems : [];
  const exact = problem ? problemText({ ...problem, reason: problem.message }) : exactBytes(check, framing);
  if (typeof exact === 'string') {
    return (
      <p className={styles.note} role="alert">
        {exact}
      </p>
    );
  }
  const rows = Math.ceil(exact.bytes.length / rowBytes);
  return (
    <div className={styles.exact}>
      <Legend exact={exact} usesSecret={check.usesSecret} />
      <div style={{ height: Math.max(Math.min(rows, 14), 1) * rowHeight }}>
        <VirtualList
          total={rows}
          rowHeight={rowHeight}
          tabIndex={0}
          role="region"
          aria-label={texts.bytes}
          renderRow={(index) => <HexRow exact={exact} from={index * rowBytes} />}
        />
      </div>
    </div>
  );
}

function HexRow({ exact, from }: { readonly exact: Exact; readonly from: number }) {
  const runs = runsOf(exact, from);
  return (
    <div className={styles.row}>
      <span className={styles.offset}>{from.toString(16).padStart(4, '0')}</span>
      <span className={styles.hex}>
        {runs.map((run) => (
          <span key={run.from} className={styles[run.part]}>
            {toHex(exact.bytes.subarray(run.from, run.to), ' ')}
          </span>
        ))}
      </span>
      <span className={styles.ascii}>
        {runs.map((run) => (
          <span key={run.from} className={styles[run.part]}>
            {asciiOf(exact.bytes.subarray(run.from, run.to))}
          </span>
        ))}
      </span>
    </div>
  );
}

/** The size of the message and of its parts, in the colours of the bytes. */
function Legend({ exact, usesSecret }: { readonly exact: Exact; readonly usesSecret: boolean }) {
  const { length, head, tail, checksum, bytes } = exact;
  return (
    <p className={styles.legend}>
      <strong>{texts.size(length)}</strong>
      {head + tail > 0 ? <span className={styles.framing}>{texts.framing(head + tail)}</span> : null}
      {checksum > 0 ? <span className={styles.checksum}>{texts.checksum(checksum)}</span> : null}
      {bytes.length < length ? <span>{texts.first(bytes.length)}</span> : null}
      {usesSecret ? <span>{texts.secret}</span> : null}
    </p>
  );
}
