"""8 MB with one sendall(), read by recv_into()."""
import socket
import threading

size = 8_000_000
listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    buffer = bytearray(65536)
    while connection.recv_into(buffer) > 0:
        pass
    connection.close()


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client:
    client.sendall(bytes(size))
thread.join()
listener.close()
