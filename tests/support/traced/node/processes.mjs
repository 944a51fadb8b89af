// A server in this process, and a client in another one.
import { spawn } from 'node:child_process';
import net from 'node:net';

const code = `const client = require('node:net').connect(process.argv[1], '127.0.0.1', () => client.write('from the child'));
client.on('data', () => client.end());`;
const server = net.createServer((socket) => {
  socket.on('data', (data) => socket.write(data));
  socket.on('close', () => server.close());
});
server.listen(0, '127.0.0.1', () => {
  spawn(process.execPath, ['-e', code, String(server.address().port)], { stdio: 'inherit' });
});
