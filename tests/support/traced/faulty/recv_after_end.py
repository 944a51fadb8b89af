"""A server that goes on reading after the client has closed. With "correct" it leaves the loop."""
import socket
import sys
import threading

listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    with connection:
        for _ in range(6):
            if not connection.recv(100) and "correct" in sys.argv:
                break


thread = threading.Thread(target=serve)
thread.start()
with socket.create_connection(listener.getsockname()) as client:
    client.sendall(b"bye")
thread.join()
listener.close()
