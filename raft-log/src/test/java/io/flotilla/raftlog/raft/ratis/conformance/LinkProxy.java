package io.flotilla.raftlog.raft.ratis.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before one node's Raft port. Bytes of a direction that is cut are held back, as a network does that loses
 * packets until it is healed: both ends find out by silence only.
 *
 * <p>Who connects is told by the first peer id in what it sends, since every request names its sender first. Until then
 * nothing has passed that a node could act on.
 */
final class LinkProxy implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(LinkProxy.class);

    /** Directory id of all nodes, by which their ids are found among other bytes. */
    static final String DIRECTORY = "linkproxy";

    private static final int BUFFER_BYTES = 64 * 1024;

    private final int node;
    private final Links links;
    private final ServerSocket listening;
    private final ExecutorService pumps = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "link-proxy");
        thread.setDaemon(true);
        return thread;
    });
    private final Map<Connection, Boolean> connections = new ConcurrentHashMap<>();
    private volatile int targetPort;

    LinkProxy(int node, Links links) throws IOException {
        this.node = node;
        this.links = links;
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        pumps.execute(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    void leadTo(int port) {
        targetPort = port;
    }

    /** Ends the connections that come from one of the nodes. */
    void reset(Set<Integer> from) {
        connections.keySet().stream()
                .filter(connection -> from.contains(connection.sender))
                .forEach(Connection::close);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket from = listening.accept();
                try {
                    Socket to = new Socket();
                    to.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort));
                    Connection connection = new Connection(from, to);
                    connections.put(connection, true);
                    pumps.execute(connection::requests);
                    pumps.execute(connection::answers);
                } catch (IOException unreachable) {
                    from.close(); // as the port itself would
                }
            } catch (IOException closed) {
                LOG.debug("not accepted by the proxy of node {}", node, closed);
            }
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        connections.keySet().forEach(Connection::close);
        pumps.shutdownNow();
    }

    private final class Connection {
        private final Socket from;
        private final Socket to;
        private volatile int sender;

        Connection(Socket from, Socket to) throws IOException {
            this.from = from;
            this.to = to;
            from.setTcpNoDelay(true);
            to.setTcpNoDelay(true);
        }

        void requests() {
            SenderScan scan = new SenderScan(node);
            pump(from, to, (buffer, bytes) -> {
                if (sender == 0) {
                    sender = scan.find(buffer, bytes);
                }
                if (sender != 0) {
                    links.awaitOpen(sender, node);
                }
            });
        }

        void answers() {
            pump(to, from, (buffer, bytes) -> {
                if (sender != 0) {
                    links.awaitOpen(node, sender);
                }
            });
        }

        private void pump(Socket source, Socket target, Gate gate) {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                InputStream in = source.getInputStream();
                OutputStream out = target.getOutputStream();
                for (int bytes = in.read(buffer); bytes >= 0; bytes = in.read(buffer)) {
                    gate.pass(buffer, bytes);
                    out.write(buffer, 0, bytes);
                }
            } catch (IOException closed) {
                LOG.debug("connection to node {} ended", node, closed);
            } catch (InterruptedException closing) {
                Thread.currentThread().interrupt();
            } finally {
                close();
            }
        }

        void close() {
            connections.remove(this);
            try (from;
                    to) {
                LOG.debug("closing a connection to node {}", node);
            } catch (IOException failure) {
                LOG.debug("a connection to node {} was not closed well", node, failure);
            }
        }
    }

    /** Lets bytes pass, or the caller wait. */
    private interface Gate {
        void pass(byte[] buffer, int bytes) throws InterruptedException;
    }
}
