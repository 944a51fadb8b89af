// The baseline of the time to first paint: a plain HTTP server with a page of one sentence.
import http from 'node:http';
import type { AddressInfo } from 'node:net';

const server = http.createServer((_request, response) => {
  response.writeHead(200, { 'content-type': 'text/html' });
  response.end('<!doctype html><title>plain</title><p>A page of one sentence.</p>');
});
server.listen(0, '127.0.0.1', () => {
  console.log(`Wirebench is running at http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
});
