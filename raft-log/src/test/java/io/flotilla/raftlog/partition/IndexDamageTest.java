package io.flotilla.raftlog.partition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.flotilla.protocol.error.LogException;
import io.flotilla.raftlog.index.DamagedIndex;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The index can be built again from the segments, so no damage to it may cost more than that. */
class IndexDamageTest {
    private static final PartitionId ID = new PartitionId(new UUID(7, 8), 3);
    private static final PartitionId OTHER = new PartitionId(new UUID(7, 8), 4);
    private static final PartitionSettings SETTINGS = new PartitionSettings(64 << 10, 32 << 10);
    private static final int RECORDS = 40;
    private static final int STRIDE_BYTES = 101;

    private final Random random = new Random(5);
    private Path data;
    private PartitionHost host;
    private FakeRaftHost raft;

    enum Harm {
        FLIPPED_BIT {
            @Override
            void happenTo(FileChannel file, Random random) throws IOException {
                long at = random.nextLong(file.size());
                ByteBuffer one = ByteBuffer.allocate(1);
                file.read(one, at);
                one.put(0, (byte) (one.get(0) ^ 1 << random.nextInt(Byte.SIZE))).rewind();
                file.write(one, at);
            }
        },
        CUT {
            @Override
            void happenTo(FileChannel file, Random random) throws IOException {
                file.truncate(random.nextLong(file.size()));
            }
        },
        ZEROES {
            @Override
            void happenTo(FileChannel file, Random random) throws IOException {
                file.write(ByteBuffer.allocate((int) file.size()), 0);
            }
        },
        DELETED {
            @Override
            void happenTo(FileChannel file, Random random) throws IOException {}
        };

        abstract void happenTo(FileChannel file, Random random) throws IOException;
    }

    @BeforeEach
    void appendRecords(@TempDir Path folder) throws IOException {
        data = folder;
        host = PartitionHost.open(data, StorageSettings.DEFAULT);
        raft = new FakeRaftHost(host::stateOf);
        raft.start();
        host.attach(raft);
        for (PartitionId id : List.of(ID, OTHER)) {
            Partition partition = host.create(id, SETTINGS, List.of());
            for (int sequence = 0; sequence < RECORDS; sequence++) {
                partition
                        .append(TestBatches.numbered(77, (short) 0, sequence, 1_000 + sequence, "x".repeat(4_000)))
                        .join();
            }
        }
    }

    @AfterEach
    void stop() throws IOException {
        raft.close();
        host.close();
    }

    private void restart() throws IOException {
        stop();
        start();
    }

    private void start() throws IOException {
        host = PartitionHost.open(data, StorageSettings.DEFAULT);
        raft = raft.restarted(host::stateOf);
        raft.start();
        host.attach(raft);
    }

    private List<Path> indexFiles() throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("index"))) {
            return files.filter(file -> file.toFile().length() > 0).sorted().toList();
        }
    }

    /** As a broker does every second. */
    private void awaitAllServed() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .ignoreExceptionsInstanceOf(LogException.class) // not open yet, or still applying
                .until(() -> {
                    host.repair(ID);
                    host.repair(OTHER);
                    return Stream.of(ID, OTHER)
                            .map(id -> host.find(id).orElseThrow())
                            .allMatch(partition -> partition.failure().isEmpty()
                                    && partition.read(RECORDS - 1, 1).nextOffset() == RECORDS);
                });
        for (PartitionId id : List.of(ID, OTHER)) {
            Partition partition = host.find(id).orElseThrow();
            for (int offset = 0; offset < RECORDS; offset++) {
                assertThat(partition.read(offset, 1).nextOffset()).isEqualTo(offset + 1);
                assertThat(partition
                                .firstAtOrAfter(1_000 + offset)
                                .orElseThrow()
                                .offset())
                        .isEqualTo(offset);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Harm.class)
    void shouldServeEverythingWhateverHappensToAFileOfTheIndex(Harm harm) throws IOException {
        restart(); // so that the first rows are in a file of their own
        int files = indexFiles().size();
        for (int number = 0; number < files; number++) {
            stop();
            Path victim = indexFiles().get(Math.min(number, indexFiles().size() - 1));
            try (FileChannel file = FileChannel.open(victim, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
                harm.happenTo(file, random);
            }
            if (harm == Harm.DELETED) {
                Files.delete(victim);
            }

            start();

            awaitAllServed();
        }
    }

    @Test
    void shouldOpenWhateverByteOfATableIsDamaged() throws IOException {
        restart(); // so that the first rows are in a table
        stop();
        Path index = data.resolve("index");
        Map<Path, byte[]> sound = new HashMap<>();
        for (Path file : indexFiles()) {
            sound.put(file, Files.readAllBytes(file));
        }
        List<Path> tables = sound.keySet().stream()
                .filter(file -> file.toString().endsWith(".sst"))
                .toList();
        assertThat(tables).isNotEmpty();
        for (Path table : tables) {
            for (int at = 0; at < table.toFile().length(); at += STRIDE_BYTES) {
                byte[] damaged = Files.readAllBytes(table);
                damaged[at] ^= 1;
                Files.write(table, damaged);

                assertThatCode(() -> PartitionHost.open(data, StorageSettings.DEFAULT)
                                .close())
                        .as("%s damaged at byte %d", table, at)
                        .doesNotThrowAnyException();

                for (Path file : indexFiles()) {
                    Files.delete(file);
                }
                for (Map.Entry<Path, byte[]> file : sound.entrySet()) {
                    Files.write(index.resolve(file.getKey().getFileName()), file.getValue());
                }
            }
        }
    }

    @Test
    void shouldBuildTheIndexAnewWhenDamageIsMetWhileItRuns() throws IOException {
        PartitionReplica found = (PartitionReplica) host.find(ID).orElseThrow();
        Path marker = data.resolve("index").resolve("LOG");
        Files.writeString(marker, "of the first index");

        found.failed(new IOException("read failed", new DamagedIndex("block checksum mismatch", new IOException())));
        awaitAllServed();

        assertThat(marker).content().doesNotContain("of the first index");
    }
}
