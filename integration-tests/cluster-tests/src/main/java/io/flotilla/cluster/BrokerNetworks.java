package io.flotilla.cluster;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.BitSet;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A network namespace for each broker, joined by a bridge on which this JVM is too, so that one broker can be cut off as
 * by a dead switch: packets to and from it vanish, and nobody is told. Needs root, {@code ip} of iproute2, and
 * {@code nsenter} of util-linux.
 *
 * <p>Whoever makes the networks closes them once the brokers are gone. A JVM that ends without closing removes them by a
 * shutdown hook. Names come from this JVM's process id and the number of such networks that it has now; addresses are the
 * first {@code x.0/24} of {@code 198.18.0.0/15}, a range set aside for tests of networks, that no other bridge here has,
 * beginning at a place that follows from the process id.
 *
 * <p>Threading: one thread drives them.
 */
public final class BrokerNetworks implements Placement, AutoCloseable {
    private static final int PROBE_TIMEOUT_MILLIS = 500;
    /** Where nobody listens, so that a broker's kernel refuses at once if the request reaches it. */
    private static final int PROBE_PORT = 1;

    private static final int OWN_HOST = 254;

    /** Of networks of this JVM that exist. */
    @GuardedBy("BrokerNetworks.class")
    private static final BitSet USED_SLOTS = new BitSet();

    private static final int SUBNETS = 512;
    private static final int SUBNETS_PER_PROCESS = 8;
    private static final int SUBNETS_PER_BLOCK = 256;
    private static final int FIRST_BLOCK = 18;

    private final long pid = ProcessHandle.current().pid();
    private final int slot;
    private final String subnet;
    private final SortedSet<Integer> ids = new TreeSet<>();
    private final Thread remover = new Thread(this::remove, "remove-networks");

    private final Ledger ledger;

    @GuardedBy("this")
    private boolean removed;

    private BrokerNetworks(Ledger ledger, int slot, String subnet) {
        this.ledger = ledger;
        this.slot = slot;
        this.subnet = subnet;
    }

    private static int takeSlot() {
        synchronized (BrokerNetworks.class) {
            int free = USED_SLOTS.nextClearBit(0);
            USED_SLOTS.set(free);
            return free;
        }
    }

    private static void giveBack(int slot) {
        synchronized (BrokerNetworks.class) {
            USED_SLOTS.clear(slot);
        }
    }

    /** With a dot at its end; none of this machine's addresses, in its own namespace, is in it. */
    private static String freeSubnet(int slot) throws IOException {
        long first = ProcessHandle.current().pid() * SUBNETS_PER_PROCESS + slot;
        List<String> used = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .map(InetAddress::getHostAddress)
                .toList();
        for (int number = 0; number < SUBNETS; number++) {
            int at = (int) ((first + number) % SUBNETS);
            String subnet = "198." + (FIRST_BLOCK + at / SUBNETS_PER_BLOCK) + "." + at % SUBNETS_PER_BLOCK + ".";
            if (used.stream().noneMatch(address -> address.startsWith(subnet))) {
                return subnet;
            }
        }
        throw new IOException("all of 198.18.0.0/15 is used; remove bridges that were left behind");
    }

    /**
     * Makes the networks of brokers 1 to {@code brokers}.
     *
     * @throws IOException if that is not possible here, and why
     */
    public static BrokerNetworks make(int brokers) throws IOException {
        return make(brokers, Ledger.NONE);
    }

    /** The same, all of which is entered into a ledger before it is made. */
    public static BrokerNetworks make(int brokers, Ledger ledger) throws IOException {
        int slot = takeSlot();
        var networks = new BrokerNetworks(ledger, slot, freeSubnet(slot));
        Runtime.getRuntime().addShutdownHook(networks.remover);
        try {
            networks.makeBridge();
            for (int id = 1; id <= brokers; id++) {
                networks.makeNetwork(id);
            }
            for (int id = 1; id <= brokers; id++) {
                networks.requireReachable(id);
            }
            return networks;
        } catch (IOException | RuntimeException failure) {
            networks.close();
            throw failure;
        }
    }

    private void makeBridge() throws IOException {
        ledger.enter("bridge", bridge(), List.of("ip", "link", "del", bridge()));
        ip("link", "add", bridge(), "type", "bridge");
        ip("addr", "add", ownHost() + "/24", "dev", bridge());
        ip("link", "set", bridge(), "up");
    }

    private void makeNetwork(int id) throws IOException {
        ledger.enter("namespace", namespace(id), List.of("ip", "netns", "del", namespace(id)));
        ip("netns", "add", namespace(id));
        ids.add(id);
        ledger.enter("cable", cable(id), List.of("ip", "link", "del", cable(id)));
        ip("link", "add", cable(id), "type", "veth", "peer", "name", "eth0", "netns", namespace(id));
        ip("link", "set", cable(id), "master", bridge(), "up");
        ip("-n", namespace(id), "addr", "add", host(id) + "/24", "dev", "eth0");
        ip("-n", namespace(id), "link", "set", "lo", "up");
        ip("-n", namespace(id), "link", "set", "eth0", "up");
    }

    private void requireReachable(int id) throws IOException {
        if (!isReachable(id)) {
            throw new IOException("packets to " + host(id) + " are dropped though nothing was cut");
        }
    }

    @Override
    public String host(int id) {
        return subnet + id;
    }

    /** The address of this JVM in the brokers' network. */
    public String ownHost() {
        return subnet + OWN_HOST;
    }

    @Override
    public List<String> launcher(int id) {
        // Unlike "ip netns exec" it makes no copy of the mounts, which would keep disks mounted that others give up.
        return List.of("nsenter", "--net=/run/netns/" + namespace(id));
    }

    /** From now on no packet comes to the broker or from it. Its connections stay open on both sides. */
    public void cut(int id) throws IOException {
        ip("link", "set", cable(id), "down");
    }

    /** Undoes a cut. */
    public void join(int id) throws IOException {
        ip("link", "set", cable(id), "up");
    }

    /** Whether packets of this JVM come to the broker's network and back; if not, it takes a moment to find out. */
    public boolean isReachable(int id) throws IOException {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host(id), PROBE_PORT), PROBE_TIMEOUT_MILLIS);
            return true;
        } catch (SocketTimeoutException silence) {
            return false;
        } catch (ConnectException answer) {
            // Refused by the broker's kernel, or given up by ours, which knows nobody of this address any more.
            return String.valueOf(answer.getMessage()).contains("refused");
        } catch (NoRouteToHostException nobody) {
            return false;
        }
    }

    private String bridge() {
        return "fl" + pid + "b" + slot;
    }

    private String cable(int id) {
        return "fl" + pid + "v" + slot + id;
    }

    private String namespace(int id) {
        return "flotilla-" + pid + "-" + slot + "-" + id;
    }

    private static void ip(String... words) throws IOException {
        String[] command = new String[words.length + 1];
        command[0] = "ip";
        System.arraycopy(words, 0, command, 1, words.length);
        SystemCommand.run(command);
    }

    /** Removes everything. May be called twice. */
    @Override
    public void close() {
        remove();
        try {
            Runtime.getRuntime().removeShutdownHook(remover);
        } catch (IllegalStateException alreadyEnding) {
            // The hook finds nothing to do.
        }
    }

    /** A namespace takes the end of its cable with it, and a cable its other end, once no process is left in it. */
    private synchronized void remove() {
        for (int id : List.copyOf(ids)) {
            attempt("link", "del", cable(id));
            attempt("netns", "del", namespace(id));
            ids.remove(id);
        }
        attempt("link", "del", bridge());
        if (!removed) {
            removed = true;
            giveBack(slot);
        }
    }

    private static void attempt(String... words) {
        try {
            ip(words);
        } catch (IOException missing) {
            // It was not made, or is gone already.
        }
    }
}
