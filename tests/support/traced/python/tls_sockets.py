"""A TLS server and client with ssl.SSLSocket; the certificate and its key are in the files that the environment names."""
import os
import socket
import ssl
import threading

server_context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
server_context.load_cert_chain(os.environ["CERTIFICATE"], os.environ["KEY"])
client_context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
client_context.check_hostname = False
client_context.load_verify_locations(os.environ["CERTIFICATE"])
listener = socket.create_server(("127.0.0.1", 0))


def serve():
    connection, _ = listener.accept()
    with server_context.wrap_socket(connection, server_side=True) as secure:
        secure.sendall(b"you said: " + secure.recv(100))
        secure.unwrap()


thread = threading.Thread(target=serve)
thread.start()
with client_context.wrap_socket(socket.socket()) as client:
    client.connect(listener.getsockname())
    client.send(b"in secret")
    with client.makefile("rb") as file:
        assert file.read(19) == b"you said: in secret"
    client.unwrap()
thread.join()
listener.close()
