import type { Pace } from '#shared/contract/models.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Result } from '#shared/failure.ts';
import { configOfFlags } from './endpoint-config.ts';
import type { EndpointOptions } from './endpoint-options.ts';
import type { OutputMode } from './output-mode.ts';
import { maxPayloadBytes, type PayloadSource } from './payload.ts';
import type { Target } from './target.ts';

/** The options of `wirebench send`, as commander returns them. Options that were not given are missing. */
export interface SendOptions extends EndpointOptions, PayloadSource {
  /** False for `--no-frame`. */
  readonly frame: boolean;
  /** Sends each line of the standard input as a message. */
  readonly lines?: boolean | undefined;
  /** Maximum time without a reply, in milliseconds. */
  readonly wait?: number | undefined;
  /** Number of messages that must be received. */
  readonly expect?: number | undefined;
  readonly keepOpen?: boolean | undefined;
  /** True, or the payload of the ping. */
  readonly ping?: true | Uint8Array | undefined;
  readonly halfClose?: boolean | undefined;
  readonly reset?: boolean | undefined;
  readonly repeat?: number | undefined;
  readonly interval?: number | undefined;
  /** Bytes a second. */
  readonly rate?: number | undefined;
  readonly chunk?: number | undefined;
  readonly chunkDelay?: number | undefined;
  readonly split?: readonly number[] | undefined;
  readonly record?: string | undefined;
  readonly json?: boolean | undefined;
  readonly output?: OutputMode | undefined;
  readonly verbose?: boolean | undefined;
}

/** Returns the configuration that the options describe. Fails if a file that they name cannot be read. */
export function clientConfig(target: Target, options: SendOptions): Promise<Result<ClientConfig>> {
  return configOfFlags('client', target, options, {
    name: 'send',
    // A peer that sends FIN first still receives the whole payload, and the RST of `--reset`. With `--reconnect`, a
    // connection ends when its peer ends it.
    halfOpen: options.reconnect === undefined,
    // The largest payload fits into the queue, even if the framing escapes every byte.
    'limits.maxQueued': 2 * maxPayloadBytes + 1_048_576,
  });
}

/** Returns the pace of sending; `undefined` without options for it. */
export function paceOf({ rate = 0, chunk = 0, chunkDelay = 0, split = [] }: SendOptions): Pace | undefined {
  if (rate === 0 && chunk === 0 && split.length === 0) return undefined;
  return { bytesPerSecond: rate, chunkBytes: chunk, delayMs: chunkDelay, splits: [...split] };
}
