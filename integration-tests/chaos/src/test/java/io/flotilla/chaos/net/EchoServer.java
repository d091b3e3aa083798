package io.flotilla.chaos.net;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicLong;

/** A server on loopback that sends back what it receives, or swallows it. */
final class EchoServer implements AutoCloseable {
    private final ServerSocket door;
    private final boolean echo;
    private final AtomicLong received = new AtomicLong();

    private EchoServer(ServerSocket door, boolean echo) {
        this.door = door;
        this.echo = echo;
    }

    static EchoServer start(boolean echo) throws IOException {
        EchoServer server = new EchoServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), echo);
        daemon(server::accept);
        return server;
    }

    InetSocketAddress address() {
        return (InetSocketAddress) door.getLocalSocketAddress();
    }

    long received() {
        return received.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = door.accept();
                daemon(() -> serve(socket));
            }
        } catch (IOException closed) {
            // The test is over.
        }
    }

    private void serve(Socket socket) {
        byte[] buffer = new byte[64 << 10];
        try (socket;
                InputStream in = socket.getInputStream();
                OutputStream out = socket.getOutputStream()) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                received.addAndGet(count);
                if (echo) {
                    out.write(buffer, 0, count);
                }
            }
        } catch (IOException reset) {
            // What some tests are about.
        }
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "echo-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
