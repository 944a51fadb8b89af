import type { FilledBlock } from '#session/format/filling-block.ts';
import { Recorder } from '#session/record/recorder.ts';
import type { RecorderOptions } from '#session/record/recorder-output.ts';
import { Boundaries } from '#shared/message/boundaries.ts';
import { columnsBufferSize } from '#shared/record/block.ts';
import type { SocketInfo } from '#shared/record/record.ts';

export const none = new Uint8Array(0);
export const at = 1_800_000_000_000;

/** A recorder whose blocks are kept. `written()` answers for all of them, as the writer does. */
export function recorderWith(options: Partial<RecorderOptions> = {}) {
  const blocks: FilledBlock[] = [];
  const handed: string[] = [];
  const awaited: boolean[] = [];
  const recorder = new Recorder(
    {
      sockets: (infos) => handed.push(`sockets ${infos.map(({ id }) => id).join()}`),
      reads: ({ count }) => handed.push(`reads ${count}`),
      records: (block) => {
        handed.push(`records ${block.first}+${block.count}`);
        blocks.push(block);
      },
      awaited: (is) => awaited.push(is),
    },
    { capacity: 4, payloadCapacity: 64, ...options },
  );
  const written = () => {
    const bytes = blocks.reduce((sum, block) => sum + columnsBufferSize(block.count, block.payloadLength), 0);
    const buffers = blocks.splice(0).map((block) => block.buffer);
    recorder.written(bytes, buffers);
  };
  return { recorder, blocks, handed, awaited, written };
}

export function boundariesAt(...ends: number[]): Boundaries {
  const boundaries = new Boundaries();
  for (const end of ends) boundaries.push(end, 0, 0, 0);
  return boundaries;
}

export const socketInfo = (id: number): SocketInfo => ({
  id,
  role: 'outgoing',
  transport: 'tcp',
  endpoint: 'e',
  name: 'n',
  local: '',
  peer: '',
  framing: 'raw',
});
