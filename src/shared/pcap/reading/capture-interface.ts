import type { Clock } from './pcapng-time.ts';

export interface CaptureInterface {
  readonly linkType: number;
  readonly name: string;
  /** 0 for no limit. */
  readonly snapLength: number;
  readonly clock: Clock;
  /** Packets that it dropped, as its last statistics say. */
  dropped: number;
}
