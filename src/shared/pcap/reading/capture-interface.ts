import type { Clock } from './pcapng-time.ts';

export interface CaptureInterface {
  readonly linkType: number;
  readonly name: string;
  /** 0 for no limit. */
  readonly snapLength: number;
  readonly clock: Clock;
  /** The number of dropped packets in its last statistics. */
  dropped: number;
}
