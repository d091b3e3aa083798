package io.flotilla.broker.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.flotilla.broker.config.HostPort;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers GET and HEAD for a fixed set of paths.
 *
 * <p>Threading: every method may be called by any thread; pages are made on the port's own threads.
 */
public final class HttpEdge implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEdge.class);

    private static final int THREADS = 2;

    /** Requests that wait for one of them; more are turned away by closing their connection. */
    private static final int WAITING_MAX = 32;

    /** Connections that wait to be accepted. */
    private static final int BACKLOG = 16;

    /** A client that sends its request, or takes its answer, more slowly is cut off. */
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(10);

    /** Connections at one time. */
    private static final int CONNECTIONS_MAX = 64;

    private static final Set<String> METHODS = Set.of("GET", "HEAD");

    static {
        // The JDK's server takes these for the whole process, once; whoever set them knows why.
        setUnlessSet("sun.net.httpserver.maxReqTime", REQUEST_TIMEOUT.toSeconds());
        setUnlessSet("sun.net.httpserver.maxRspTime", REQUEST_TIMEOUT.toSeconds());
        setUnlessSet("jdk.httpserver.maxConnections", CONNECTIONS_MAX);
    }

    private final HostPort address;
    private final HttpServer server;
    private final ThreadPoolExecutor threads;
    private final SortedMap<String, Supplier<HttpAnswer>> pages;

    private HttpEdge(
            HostPort address,
            HttpServer server,
            ThreadPoolExecutor threads,
            SortedMap<String, Supplier<HttpAnswer>> pages) {
        this.address = address;
        this.server = server;
        this.threads = threads;
        this.pages = pages;
    }

    private static void setUnlessSet(String property, long value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, Long.toString(value));
        }
    }

    /**
     * Opens the port. The caller owns the edge.
     *
     * @param pages by path
     * @throws IOException naming address, setting and remedy if the port cannot be opened
     */
    public static HttpEdge listen(HostPort address, SortedMap<String, Supplier<HttpAnswer>> pages) throws IOException {
        HttpServer server;
        try {
            server = HttpServer.create(socketAddress(address), BACKLOG);
        } catch (IOException notBound) {
            throw new IOException(
                    "cannot listen on " + address + " (setting listeners, HTTP): " + notBound.getMessage()
                            + "; stop the process that uses the port, or choose another one",
                    notBound);
        }
        HttpEdge edge = new HttpEdge(address, server, threads(address), new TreeMap<>(pages));
        server.createContext("/", edge::handle);
        server.setExecutor(edge.threads);
        server.start();
        return edge;
    }

    private static InetSocketAddress socketAddress(HostPort address) {
        return address.host().equals("*")
                ? new InetSocketAddress(address.port())
                : new InetSocketAddress(address.host(), address.port());
    }

    private static ThreadPoolExecutor threads(HostPort address) {
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(WAITING_MAX), task -> {
                    Thread thread = new Thread(task, "http-" + address.port() + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        return threads;
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpAnswer answer =
                    answer(exchange.getRequestMethod(), exchange.getRequestURI().getPath());
            if (answer.status() == 405) {
                exchange.getResponseHeaders().set("Allow", "GET, HEAD");
            }
            exchange.getResponseHeaders().set("Content-Type", answer.contentType());
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            if (exchange.getRequestMethod().equals("HEAD")) {
                exchange.sendResponseHeaders(answer.status(), -1);
            } else {
                exchange.sendResponseHeaders(answer.status(), body.length);
                exchange.getResponseBody().write(body);
            }
        }
    }

    private HttpAnswer answer(String method, String path) {
        Supplier<HttpAnswer> page = pages.get(path);
        if (page == null) {
            return new HttpAnswer(
                    404,
                    HttpAnswer.PLAIN_TEXT,
                    "there is no " + path + "; ask for one of\n" + String.join("\n", pages.keySet()) + "\n");
        }
        if (!METHODS.contains(method)) {
            return new HttpAnswer(405, HttpAnswer.PLAIN_TEXT, path + " takes GET and HEAD, not " + method + "\n");
        }
        try {
            return page.get();
        } catch (RuntimeException bug) { // outermost: whoever watches must learn that there is something to look at
            LOG.error("a page could not be made path={}", path, bug);
            return new HttpAnswer(
                    500, HttpAnswer.PLAIN_TEXT, "internal error: " + bug + "; the broker's log has the cause\n");
        }
    }

    /** Where it listens. */
    public HostPort address() {
        return address;
    }

    /** Closes the port; answers on their way are cut off. May be called twice. */
    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
