# Receives a JSON document and answers with a JSON document.
import json
import socket

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server_socket.bind(('127.0.0.1', 12345))
server_socket.listen(5)
print("Listening on 127.0.0.1:12345")

client_socket, client_address = server_socket.accept()
text = client_socket.recv(1024).decode()
try:
    user = json.loads(text)
    answer = {"status": "ok", "name": user["name"]}
except ValueError as error:
    answer = {"status": "error", "reason": str(error)}
client_socket.send(json.dumps(answer).encode())
client_socket.close()
server_socket.close()
