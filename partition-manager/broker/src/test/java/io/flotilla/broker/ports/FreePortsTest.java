package io.flotilla.broker.ports;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Each {@link FreePorts} here stands for a process. They play with ports of this one's block, which are nobody else's. */
class FreePortsTest {
    private static final int BLOCK = 10;
    private static final int BLOCKS = 2;

    private final int lowest = consecutive(BLOCK * BLOCKS);
    private final FreePorts first = new FreePorts(lowest, BLOCK, BLOCKS);
    private final FreePorts second = new FreePorts(lowest, BLOCK, BLOCKS);
    private final FreePorts third = new FreePorts(lowest, BLOCK, BLOCKS);

    FreePortsTest() throws IOException {}

    @AfterEach
    void giveBlocksFree() throws IOException {
        first.close();
        second.close();
        third.close();
    }

    @Test
    void shouldGiveEachProcessABlockOfItsOwn() throws IOException {
        List<Integer> ports = first.find(BLOCK - 1, Set.of());
        List<Integer> others = second.find(BLOCK - 1, Set.of());

        assertThat(ports).doesNotContainAnyElementsOf(others);
        assertThat(List.of(blockOf(ports), blockOf(others))).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void shouldListenOnTheFirstPortOfTheBlockAsLongAsTheProcessLives() throws IOException {
        int guard = lowest + BLOCK * blockOf(first.find(1, Set.of()));

        assertThatThrownBy(() -> listenOn(guard)).isInstanceOf(BindException.class);
    }

    @Test
    void shouldGiveAPortAgainOnlyAfterAllOthers() throws IOException {
        List<Integer> ports = first.find(4, Set.of());
        List<Integer> later = first.find(5, Set.of());

        assertThat(later).doesNotContainAnyElementsOf(ports);
        assertThat(first.find(4, Set.of())).isEqualTo(ports);
    }

    @Test
    void shouldPassOverPortsThatAreInUseOrTaken() throws IOException {
        List<Integer> ports = first.find(BLOCK - 1, Set.of());
        int used = ports.get(2);
        int taken = ports.get(5);

        try (ServerSocket server = listenOn(used)) {
            assertThat(first.find(BLOCK - 3, Set.of(taken)))
                    .doesNotContain(server.getLocalPort(), taken)
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void shouldSayWhatToDoIfThereAreTooFewPorts() throws IOException {
        int block = blockOf(first.find(1, Set.of()));
        int from = lowest + BLOCK * block + 1;

        assertThatThrownBy(() -> first.find(BLOCK, Set.of()))
                .isInstanceOf(IOException.class)
                .hasMessage("found only 9 of 10 free ports in [" + from + ", " + (from + BLOCK - 1)
                        + "); end the processes that use them, or choose ports yourself (firstGrpcPort of"
                        + " EmbeddedSettings)");
    }

    @Test
    void shouldShareThePortsOfOthersWhenNoBlockIsLeft() throws IOException {
        first.find(1, Set.of());
        second.find(1, Set.of());

        List<Integer> shared = third.find(2 * BLOCK - 2, Set.of());

        assertThat(shared).doesNotHaveDuplicates().allMatch(port -> (port - lowest) % BLOCK != 0);
    }

    @Test
    void shouldTakeABlockOfItsOwnAsSoonAsThereIsOne() throws IOException {
        first.find(1, Set.of());
        int freed = blockOf(second.find(1, Set.of()));
        third.find(1, Set.of());

        second.close();

        assertThat(blockOf(third.find(BLOCK - 1, Set.of()))).isEqualTo(freed);
    }

    /** The block that all of these ports belong to. */
    private int blockOf(List<Integer> ports) {
        Set<Integer> blocks =
                Set.copyOf(ports.stream().map(port -> (port - lowest) / BLOCK).toList());
        assertThat(blocks).hasSize(1);
        return blocks.iterator().next();
    }

    private static ServerSocket listenOn(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }

    private static int consecutive(int count) throws IOException {
        for (int tries = 0; tries < 10; tries++) {
            List<Integer> found = FreePorts.ofProcess().find(count, Set.of());
            int first = found.get(0);
            if (found.equals(IntStream.range(first, first + count).boxed().toList())) {
                return first;
            }
        }
        throw new IOException("no " + count + " ports beside each other are free");
    }
}
