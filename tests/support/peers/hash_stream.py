# Accepts one connection and reads it to its end. Prints the port, then how many bytes came and their SHA-256.
import hashlib
import socket

server = socket.create_server(("127.0.0.1", 0))
print(server.getsockname()[1], flush=True)
connection, _ = server.accept()
digest, count = hashlib.sha256(), 0
buffer = bytearray(1 << 20)
while size := connection.recv_into(buffer):
    digest.update(memoryview(buffer)[:size])
    count += size
print(count, digest.hexdigest(), flush=True)
connection.close()
