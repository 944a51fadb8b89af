import type { Pace } from '#shared/contract/models.ts';
import type { ClientConfig } from '#shared/endpoint/endpoint-config.ts';
import type { Result } from '#shared/failure.ts';
import { configOfFlags } from './endpoint-config.ts';
import type { EndpointOptions } from './endpoint-options.ts';
import type { OutputMode } from './output-mode.ts';
import { maxPayloadBytes, type PayloadSource } from './payload.ts';
import type { Target } from './target.ts';

/** The options of `wirebench send`, as commander gives them; what is not there was not given. */
export interface SendOptions extends EndpointOptions, PayloadSource {
  /** False for `--no-frame`. */
  readonly frame: boolean;
  /** Each line of the standard input is a message. */
  readonly lines?: boolean | undefined;
  /** How long to wait for a reply, from the last one on. Milliseconds. */
  readonly wait?: number | undefined;
  /** How many messages must come. */
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

/** Returns the client that the options describe. Fails where a file they name cannot be read. */
export function clientConfig(target: Target, options: SendOptions): Promise<Result<ClientConfig>> {
  return configOfFlags('client', target, options, {
    name: 'send',
    // A peer that ends its side first still gets all there is for it, and our RST where one is wanted. Connections that
    // follow one another end with their peers.
    halfOpen: options.reconnect === undefined,
    // The largest payload fits into the queue, also where a framing escapes every byte of it.
    'limits.maxQueued': 2 * maxPayloadBytes + 1_048_576,
  });
}

/** How fast messages are to go; `undefined` where nothing is said of it. */
export function paceOf({ rate = 0, chunk = 0, chunkDelay = 0, split = [] }: SendOptions): Pace | undefined {
  if (rate === 0 && chunk === 0 && split.length === 0) return undefined;
  return { bytesPerSecond: rate, chunkBytes: chunk, delayMs: chunkDelay, splits: [...split] };
}
