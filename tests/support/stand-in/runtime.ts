import { type Chromium, startChromium } from './chromium.ts';
import { stage } from './log.ts';

let chromium: Chromium | undefined;

/** The one Chromium behind the stand-in, started when first asked for. */
export function theChromium(): Chromium {
  chromium ??= startChromium(() => stage('chromium has exited'));
  return chromium;
}
