// Loaded into a program before it runs (`node --require`): at its end it writes to descriptor 3 what the program used.
const { writeSync } = require('node:fs');

process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));
