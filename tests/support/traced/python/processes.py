"""A server in this process, and a client in another Python."""
import socket
import subprocess
import sys

code = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as client:
    client.sendall(b"from the child")
    client.recv(100)
"""
listener = socket.create_server(("127.0.0.1", 0))
child = subprocess.Popen([sys.executable, "-c", code, str(listener.getsockname()[1])])
connection, _ = listener.accept()
connection.sendall(connection.recv(100))
connection.close()
child.wait()
listener.close()
