# Receives an XML document and answers with an XML document.
import socket
import xml.etree.ElementTree as ET

server_socket = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
server_socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server_socket.bind(('127.0.0.1', 12345))
server_socket.listen(5)
print("Listening on 127.0.0.1:12345")

client_socket, client_address = server_socket.accept()
answer = ET.Element("answer")
try:
    order = ET.fromstring(client_socket.recv(1024))
    answer.set("status", "ok")
    answer.text = order.findtext("item")
except ET.ParseError as error:
    answer.set("status", "error")
    answer.text = str(error)
client_socket.send(ET.tostring(answer))
client_socket.close()
server_socket.close()
