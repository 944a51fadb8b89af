// Loaded into a program before it runs (`node --require`): at its end it writes to descriptor 3 what the program used.
const { readFileSync, writeSync } = require('node:fs');

/** The most memory that was resident, KiB. `maxRSS` counts what the parent had when it started this process, too. */
function peakKib() {
  if (process.platform !== 'linux') return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))[1]);
}

process.on('exit', () => writeSync(3, JSON.stringify({ ...process.resourceUsage(), maxRSS: peakKib() })));
