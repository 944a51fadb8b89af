// An HTTP server, and two requests on one connection.
const http = require('node:http');

const server = http.createServer((request, response) => {
  request.resume();
  request.on('end', () => response.end(`you asked for ${request.url}`));
});
server.listen(0, '127.0.0.1', async () => {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  for (const [method, path] of [
    ['GET', '/one'],
    ['POST', '/two'],
  ]) {
    await new Promise((resolve) => {
      const request = http.request({ agent, method, path, port: server.address().port, host: '127.0.0.1' });
      request.on('response', (response) => response.resume().on('end', () => setImmediate(resolve)));
      request.end(method === 'POST' ? 'a body' : undefined);
    });
  }
  agent.destroy();
  server.close();
});
