package io.flotilla.cli;

import io.flotilla.cli.failure.CommandFailed;
import io.flotilla.cli.failure.ExitCode;
import io.flotilla.cli.failure.Failure;
import io.flotilla.client.BrokerAddress;
import io.flotilla.client.ClientSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Looks whether anything listens at a bootstrap address before the client starts to retry, so that a wrong address
 * shows at once and with the network's own reason.
 */
final class Reachability {

    private Reachability() {}

    /**
     * @throws CommandFailed CANNOT_CONNECT if no address accepts a connection within the settings' connect timeout each
     */
    static void check(ClientSettings settings) {
        List<String> reasons = new ArrayList<>();
        for (BrokerAddress address : settings.bootstrap()) {
            InetSocketAddress socketAddress = new InetSocketAddress(address.host(), address.port());
            if (socketAddress.isUnresolved()) {
                reasons.add(address + ": no such host");
                continue;
            }
            try (Socket socket = new Socket()) {
                socket.connect(
                        socketAddress, Math.toIntExact(settings.connectTimeout().toMillis()));
                return;
            } catch (IOException refused) {
                reasons.add(address + ": " + refused.getMessage());
            }
        }
        String addresses =
                settings.bootstrap().stream().map(BrokerAddress::toString).collect(Collectors.joining(","));
        throw new CommandFailed(new Failure(
                "cannot connect to " + addresses,
                String.join("; ", reasons),
                "start a broker (`flotilla dev`), or name one that runs with -b HOST:PORT or FLOTILLA_BOOTSTRAP",
                ExitCode.CANNOT_CONNECT));
    }
}
