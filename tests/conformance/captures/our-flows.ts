import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { ByteReader, type CaptureEnd, captureKind, readPcap } from '#shared/pcap/reading/capture-file.ts';
import { CaptureFlows } from '#shared/pcap/reading/capture-flows.ts';
import { readPcapng } from '#shared/pcap/reading/pcapng.ts';
import type { CaptureSink } from '#shared/pcap/reading/record-order.ts';
import type { FlowMessages, Message } from './flow-messages.ts';

/** What Wirebench finds in a capture. */
export interface OurFlows {
  /** By sender and receiver, `10.0.0.1:1 > 10.0.0.2:2`. */
  readonly flows: FlowMessages;
  readonly packets: number;
  readonly end: CaptureEnd;
  readonly problems: readonly string[];
}

/** Reads the capture at `path`, which may be compressed with gzip, as an import does. */
export function ourFlows(path: string): OurFlows {
  const file = openSync(path, 'r');
  try {
    const start = Buffer.alloc(2);
    readSync(file, start, 0, 2, 0);
    if (start[0] === 0x1f && start[1] === 0x8b) return flowsOf(gunzipSync(readFileSync(path)));
    return flowsOf(readFileSync(path, { flag: 'r' }).subarray(0, fstatSync(file).size));
  } finally {
    closeSync(file);
  }
}

function flowsOf(bytes: Buffer): OurFlows {
  let at = 0;
  const reader = new ByteReader((into) => {
    const count = bytes.copy(into, 0, at);
    at += count;
    return count;
  });
  const sink = new FlowSink();
  const flows = new CaptureFlows(sink);
  const reading = captureKind(bytes) === 'pcapng' ? readPcapng(reader) : readPcap(reader);
  let packets = 0;
  for (let step = reading.next(); ; step = reading.next()) {
    if (step.done) {
      flows.end();
      return { flows: sink.flows, packets, end: step.value, problems: sink.problems };
    }
    packets += 1;
    // What Wirebench exported has its messages joined; here each segment is to be seen.
    flows.take({ ...step.value, writer: '' });
  }
}

/** Sorts the messages of TCP sockets by sender and receiver. */
class FlowSink implements CaptureSink {
  readonly flows = new Map<string, Message[]>();
  readonly problems: string[] = [];
  readonly #ends = new Map<number, { readonly local: string; readonly peer: string }>();
  #records = 0;

  readonly describe: CaptureSink['describe'] = ({ id, transport, local, peer }) => {
    if (transport === 'tcp') this.#ends.set(id, { local, peer });
  };

  readonly event: CaptureSink['event'] = (_socket, _at, event) => {
    if (event.kind === 'problem') this.problems.push(event.text);
    this.#records += 1;
    return this.#records - 1;
  };

  readonly skip: CaptureSink['skip'] = () => undefined;

  readonly messages: CaptureSink['messages'] = (socket, direction, at, carryOver, bytes) => {
    const ends = this.#ends.get(socket);
    if (ends) {
      const { local, peer } = ends;
      const key = direction === 'out' ? `${local} > ${peer}` : `${peer} > ${local}`;
      const messages = this.flows.get(key) ?? [];
      messages.push({ at, bytes: Buffer.concat([carryOver, bytes]) });
      this.flows.set(key, messages);
    }
    this.#records += 1;
    return this.#records - 1;
  };
}
