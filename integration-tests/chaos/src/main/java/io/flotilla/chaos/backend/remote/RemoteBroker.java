package io.flotilla.chaos.backend.remote;

import io.flotilla.chaos.fault.FaultException;
import java.io.File;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * One broker of an operator's cluster: its address, and the commands for it.
 *
 * @param address {@code host:port} of its client port
 */
record RemoteBroker(int node, String address, RemoteSettings settings) {
    private static final long COMMAND_SECONDS_MAX = 60;

    String host() {
        return address.substring(0, address.lastIndexOf(':'));
    }

    private String port() {
        return address.substring(address.lastIndexOf(':') + 1);
    }

    boolean has(String command) {
        return settings.command(node, command).isPresent();
    }

    /** The words that have a shell run this command; without it, words that do nothing. */
    List<String> words(String command, Optional<RemoteBroker> peer) {
        String line = settings.command(node, command)
                .orElse(":")
                .replace("{node}", Integer.toString(node))
                .replace("{host}", host())
                .replace("{port}", port());
        if (peer.isPresent()) {
            line = line.replace("{peer}", Integer.toString(peer.get().node()))
                    .replace("{peer.host}", peer.get().host())
                    .replace("{peer.port}", peer.get().port());
        }
        return List.of("sh", "-c", line);
    }

    /**
     * Runs a command to its end.
     *
     * @return what it said
     * @throws FaultException if it fails, or does not end in time
     */
    String run(String command, Optional<RemoteBroker> peer) {
        List<String> words = words(command, peer);
        try {
            Process process = new ProcessBuilder(words)
                    .redirectErrorStream(true)
                    .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
                    .start();
            String output = new String(process.getInputStream().readNBytes(64 << 10), StandardCharsets.UTF_8);
            if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new FaultException(
                        command + " of broker " + node + " did not end within " + COMMAND_SECONDS_MAX + " s: " + words);
            }
            if (process.exitValue() != 0) {
                throw new FaultException(command + " of broker " + node + " failed with code " + process.exitValue()
                        + ": " + words + " said " + output.strip());
            }
            return output.strip();
        } catch (IOException failure) {
            throw new FaultException("cannot run " + words, failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new FaultException("interrupted during " + command + " of broker " + node, interrupted);
        }
    }

    /** Whether the broker speaks when somebody connects, as a gRPC server does. */
    boolean answers(int millis) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(host(), Integer.parseInt(port())), millis);
            socket.setSoTimeout(millis);
            return socket.getInputStream().read() >= 0;
        } catch (IOException silence) {
            return false;
        }
    }
}
