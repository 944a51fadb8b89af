import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/**
 * Features that are off in every browser of the tests. For each window, Chromium would load the two pages of the address bar's
 * suggestions, which costs a second of processor time. The others are what Playwright turns off and the tests depend on: of two
 * lists, Chromium takes the last.
 */
const disabledFeatures = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsFirstBalancedModeAutoEnable',
  'HttpsUpgrades',
  'LensOverlay',
  'MediaRouter',
  'NetworkTimeServiceQuerying',
  'OptimizationHints',
  'PaintHolding',
  'PreconnectToSearch',
  'ThirdPartyStoragePartitioning',
];

/** How long an action waits for what it acts on: a machine that is busy with something else takes its time. */
export const patienceMs = 60_000;

/** Flags that every browser of the tests runs with: no window, and no background traffic. */
export const browserFlags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  `--disable-features=${disabledFeatures.join(',')}`,
] as const;

const usualPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/microsoft-edge',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** The path of a Chromium for the tests. Throws with the command that installs one where there is none. */
export function findBrowser(env: NodeJS.ProcessEnv = process.env): string {
  const chosen = env.CHROMIUM_PATH;
  if (chosen) {
    if (existsSync(chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH is ${chosen}, and there is no such file.`);
  }
  const found = [chromium.executablePath(), ...usualPaths].find((path) => path && existsSync(path));
  if (found) return found;
  const install =
    process.platform === 'linux' ? 'sudo apt-get install chromium' : 'npx playwright-core install chromium';
  throw new Error(`The tests need Chromium, Chrome or Edge. Install one: ${install}. Or set CHROMIUM_PATH.`);
}
