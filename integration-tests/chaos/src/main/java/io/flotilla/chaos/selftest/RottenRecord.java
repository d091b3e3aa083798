package io.flotilla.chaos.selftest;

import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Site;
import io.flotilla.protocol.record.RecordBatch;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * One byte of a stored record changes under a running broker, in a segment that is written no more; nobody puts it right
 * but the cluster.
 */
final class RottenRecord implements Fault {
    private static final String SEGMENT = ".log";
    private static final Duration FULL_TIMEOUT = Duration.ofSeconds(30);

    private final Site site;
    private final FaultSpec spec;
    private final long seed;
    private String proof = "";

    RottenRecord(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        this.seed = seed;
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        List<Integer> victims = site.roles().resolve(spec.target(), seed);
        int victim = victims.get(0);
        try {
            List<Path> full =
                    awaitFullSegments(site.cluster().dataDirectory(victim).resolve("partitions"));
            proof = "broker " + victim + ": " + flip(full.get(new Random(seed).nextInt(full.size())));
        } catch (IOException failure) {
            throw new FaultException("a segment of broker " + victim + " could not be changed", failure);
        }
        return List.of(victim);
    }

    /** One or more; it takes a while until enough was written. */
    private static List<Path> awaitFullSegments(Path partitions) {
        List<Path> full = new ArrayList<>();
        Site.await(
                FULL_TIMEOUT,
                "a segment that is full below " + partitions,
                () -> {
                    try {
                        full.addAll(fullSegments(partitions));
                        return !full.isEmpty();
                    } catch (IOException | UncheckedIOException changing) {
                        return false; // a file was deleted while its folder was read
                    }
                },
                () -> "none is");
        return full;
    }

    private static List<Path> fullSegments(Path partitions) throws IOException {
        List<Path> full = new ArrayList<>();
        try (Stream<Path> replicas = Files.list(partitions)) {
            for (Path replica : replicas.sorted().toList()) {
                try (Stream<Path> files = Files.list(replica)) {
                    List<Path> segments = files.filter(file -> file.toString().endsWith(SEGMENT))
                            .sorted()
                            .toList();
                    full.addAll(segments.subList(0, Math.max(0, segments.size() - 1)));
                }
            }
        }
        return full;
    }

    /** Changes the middle byte of the first batch's records. */
    private static String flip(Path segment) throws IOException {
        RecordBatch batch = RecordBatch.at(ByteBuffer.wrap(Files.readAllBytes(segment)), 0);
        int at = (RecordBatch.HEADER_BYTES + batch.sizeInBytes()) / 2;
        try (RandomAccessFile file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(at);
            int before = file.read();
            file.seek(at);
            file.write(~before);
        }
        return "byte " + at + " of " + segment + ", in its first batch " + batch;
    }

    @Override
    public String verify() {
        return proof;
    }

    @Override
    public void disarm() {
        // Nothing: it is for the cluster to heal.
    }
}
