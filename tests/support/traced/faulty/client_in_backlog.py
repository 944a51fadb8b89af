"""A server that serves one client at a time, which keeps the second one waiting. With "correct" it has a thread for each."""
import socket
import sys
import threading
import time

listener = socket.create_server(("127.0.0.1", 0))
clients = [socket.create_connection(listener.getsockname()) for _ in range(2)]


def answer(connection):
    with connection:
        while data := connection.recv(100):
            connection.sendall(data)


def serve():
    for _ in range(2 if "correct" in sys.argv else 1):
        connection, _ = listener.accept()
        threading.Thread(target=answer, args=(connection,)).start()


thread = threading.Thread(target=serve)
thread.start()
time.sleep(0.8)
for client in clients:
    client.close()
thread.join()
listener.close()
