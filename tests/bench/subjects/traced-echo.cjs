// Makes round trips with an echo server in this process, and prints the time and the processor time that they took in seconds.
const net = require('node:net');

const trips = Number(process.argv[2]);
const message = Buffer.alloc(64, 'x');
const server = net.createServer({ noDelay: true }, (socket) => socket.on('data', (data) => socket.write(data)));
server.listen(0, '127.0.0.1', () => {
  const client = net.connect({ port: server.address().port, host: '127.0.0.1', noDelay: true });
  let left = trips;
  let began = 0;
  let used;
  client.on('connect', () => {
    began = performance.now();
    used = process.cpuUsage();
    client.write(message);
  });
  client.on('data', () => {
    left -= 1;
    if (left > 0) return void client.write(message);
    const { user, system } = process.cpuUsage(used);
    console.log((performance.now() - began) / 1e3, (user + system) / 1e6);
    client.end();
    server.close();
  });
});
