package io.flotilla.bitrot;

import io.flotilla.client.Consumer;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.FlotillaClient;
import io.flotilla.cluster.traffic.ReadBack;
import io.flotilla.protocol.error.LogException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What was acknowledged where: the number of the value at each offset, from which the value follows.
 *
 * <p>Threading: {@link #note} and {@link #acknowledged} may be called by any thread.
 */
final class Ledger {
    private static final int VALUE_BYTES = 512;
    private static final long UNKNOWN = -1;
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    /** Longest time without any record before reading is given up: a cluster that heals needs less. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    private final String topic;
    private final long seed;
    private final List<long[]> numbers = new ArrayList<>();
    private final int[] ends;

    Ledger(String topic, int partitions, long seed) {
        this.topic = topic;
        this.seed = seed;
        this.ends = new int[partitions];
        for (int partition = 0; partition < partitions; partition++) {
            numbers.add(new long[0]);
        }
    }

    /** Text that compresses badly, so that there are segments of some size. */
    byte[] value(long number) {
        byte[] noise = new byte[VALUE_BYTES / 2];
        new SplittableRandom(seed ^ number).nextBytes(noise);
        return (number + " " + HexFormat.of().formatHex(noise)).getBytes(StandardCharsets.UTF_8);
    }

    synchronized void note(int partition, long offset, long number) {
        long[] known = numbers.get(partition);
        int at = Math.toIntExact(offset);
        if (at >= known.length) {
            long[] longer = Arrays.copyOf(known, Math.max(1024, 2 * at));
            Arrays.fill(longer, known.length, longer.length, UNKNOWN);
            numbers.set(partition, longer);
        }
        numbers.get(partition)[at] = number;
        ends[partition] = Math.max(ends[partition], at + 1);
    }

    private synchronized int[] ends() {
        return ends.clone();
    }

    /** Records acknowledged so far, over all partitions. */
    long acknowledged() {
        return Arrays.stream(ends()).asLongStream().sum();
    }

    private synchronized long numberAt(int partition, long offset) {
        long[] known = numbers.get(partition);
        return offset < known.length ? known[Math.toIntExact(offset)] : UNKNOWN;
    }

    /** Reads all that is acknowledged now, from the beginning, and says what is not as it was; empty if all is well. */
    Optional<String> readBack(FlotillaClient client) {
        int[] goals = ends();
        long[] positions = new long[goals.length];
        try (Consumer consumer = client.consumer()) {
            consumer.assign(ReadBack.partitionsOf(topic, goals.length));
            long progressNanos = System.nanoTime();
            while (!reached(positions, goals)) {
                List<ConsumerRecord> records = consumer.poll(POLL_TIMEOUT);
                for (ConsumerRecord record : records) {
                    Optional<String> difference = compare(record, positions);
                    if (difference.isPresent()) {
                        return difference;
                    }
                }
                if (!records.isEmpty()) {
                    progressNanos = System.nanoTime();
                } else if (System.nanoTime() - progressNanos > SILENCE_MAX.toNanos()) {
                    return Optional.of("no record for " + SILENCE_MAX.toSeconds() + " s, " + Arrays.toString(goals)
                            + " were acknowledged, " + Arrays.toString(positions) + " read");
                }
            }
            return Optional.empty();
        } catch (LogException failure) {
            return Optional.of("reading failed: " + failure);
        }
    }

    private static boolean reached(long[] positions, int[] goals) {
        for (int partition = 0; partition < goals.length; partition++) {
            if (positions[partition] < goals[partition]) {
                return false;
            }
        }
        return true;
    }

    private Optional<String> compare(ConsumerRecord record, long[] positions) {
        int partition = record.partition().partition();
        if (record.offset() != positions[partition]++) {
            return Optional.of("offset " + record.offset() + " of partition " + partition + " was read where "
                    + (positions[partition] - 1) + " was to come");
        }
        long number = numberAt(partition, record.offset());
        return number == UNKNOWN || Arrays.equals(record.value(), value(number)) // unknown: not acknowledged yet
                ? Optional.empty()
                : Optional.of("offset " + record.offset() + " of partition " + partition
                        + " has another value than was acknowledged, number " + number);
    }
}
