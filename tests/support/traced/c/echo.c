/* An echo server in a thread, a client, a datagram, and a child process with its own connection. */
#include <arpa/inet.h>
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static struct sockaddr_in address;
static socklen_t size = sizeof address;
static int listener;

static void *serve(void *unused) {
    char buffer[100];
    for (int round = 0; round < 2; round++) {
        int connection = accept(listener, NULL, NULL);
        ssize_t length = recv(connection, buffer, sizeof buffer, 0);
        send(connection, buffer, (size_t)length, 0);
        close(connection);
    }
    return unused;
}

static void ask(const char *text) {
    char buffer[100];
    int client = socket(AF_INET, SOCK_STREAM, 0);
    connect(client, (struct sockaddr *)&address, size);
    write(client, text, 5);
    read(client, buffer, sizeof buffer);
    shutdown(client, SHUT_WR);
    close(client);
}

int main(void) {
    pthread_t thread;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    bind(listener, (struct sockaddr *)&address, size);
    listen(listener, 5);
    getsockname(listener, (struct sockaddr *)&address, &size);
    pthread_create(&thread, NULL, serve, NULL);
    ask("h\0\"\x80\n");
    if (fork() == 0) {
        ask("child");
        _exit(0);
    }
    wait(NULL);
    pthread_join(thread, NULL);
    close(listener);
    int sender = socket(AF_INET, SOCK_DGRAM, 0);
    sendto(sender, "to nobody", 9, 0, (struct sockaddr *)&address, size);
    close(sender);
    int refused = socket(AF_INET, SOCK_STREAM, 0);
    connect(refused, (struct sockaddr *)&address, size);
    return 7;
}
