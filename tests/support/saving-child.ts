// Saves a session file in another format: FILE FORMAT TARGET. Prints the answer as JSON.
import { existsSync, readFileSync } from 'node:fs';
import { openSessionLog } from '#session/session-log.ts';
import { type SaveFormat, saveFormats } from '#shared/export/export-formats.ts';

const [file = '', format = '', path = ''] = process.argv.slice(2);
const opened = await openSessionLog(file);
if (!opened.ok) throw new Error(opened.error.system);
const known = saveFormats.find((name): name is SaveFormat => name === format);
if (known === undefined) throw new Error(`no format: ${format}`);
const saved = await opened.value.ask('save', { format: known, path });
await opened.value.close();
// Where the system has it: the most memory of this process (what `resourceUsage` says includes who started it).
const status = existsSync('/proc/self/status') ? readFileSync('/proc/self/status', 'utf8') : '';
console.log(JSON.stringify({ ...saved, mostMemoryKib: Number(/VmHWM:\s*(\d+)/.exec(status)?.[1]) }));
