"""Makes round trips with an echo server in another thread, and prints the time and the processor time that they took in seconds."""
import socket
import sys
import threading
import time

trips = int(sys.argv[1])
listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for _ in range(trips):
        connection.sendall(connection.recv(1024))


thread = threading.Thread(target=serve)
thread.start()
client = socket.create_connection(listener.getsockname())
client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
message = b"x" * 64
began, used = time.perf_counter(), time.process_time()
for _ in range(trips):
    client.sendall(message)
    client.recv(1024)
print(time.perf_counter() - began, time.process_time() - used)
thread.join()
