package io.flotilla.chaos.selftest;

import static io.flotilla.chaos.fault.Target.Role.ALL;
import static io.flotilla.chaos.fault.Target.Role.ANY;
import static io.flotilla.chaos.fault.Target.Role.FOLLOWER;
import static io.flotilla.chaos.fault.Target.Role.LEADER;

import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.plant.Plant;
import io.flotilla.chaos.selftest.Exam.Strike;
import java.time.Duration;

/** Which exam each plant has to be found in. */
final class Exams {
    private static final String THIRTY_DAYS_MILLIS =
            Long.toString(Duration.ofDays(30).toMillis());

    /** Less than half of the reserve of a broker with a disk of its own: replicas pause, the metadata goes on. */
    private static final String PAUSING_KIB = Integer.toString(24 << 10);

    private static final String SMALL_SEGMENT = Integer.toString(64 << 10);

    /** A segment holds the largest batch at least. */
    private static final String SMALL_MESSAGE = Integer.toString(48 << 10);

    /** Members that know what they lost stay closed; sound ones serve much sooner. */
    private static final Duration DEAD = Duration.ofSeconds(15);

    private Exams() {}

    static Exam of(Plant plant) {
        return switch (plant) {
            // A leader goes on by itself, then it is gone, and then the others are back without what it had
            // acknowledged.
            case P1 ->
                Exam.of(
                        Strike.of(FaultId.PAUSE, FOLLOWER, 0, 3_000).count(2),
                        Strike.of(FaultId.KILL, LEADER, 1_200, 3_000));
            case P2 ->
                Exam.of(Strike.of(FaultId.POWER_LOSS, ALL, 0, 500))
                        .orDeadAfter(DEAD)
                        .onDisks();
            case P3 ->
                Exam.of(
                                Strike.of(FaultId.SLOW_DISK, ALL, 0, 3_000).with("delay.ms", "1000"),
                                Strike.of(FaultId.POWER_LOSS, ALL, 1_500, 1_000))
                        .orDeadAfter(DEAD)
                        .onDisks();
            // Slow disks keep batches on their way, so that a leader dies with some that are stored and not answered.
            case P4 ->
                Exam.of(
                        Strike.of(FaultId.SLOW_DISK, ALL, 0, 5_000).with("delay.ms", "100"),
                        Strike.of(FaultId.KILL, LEADER, 1_500, 2_000));
            case P5 -> Exam.of(Strike.of(FaultId.TERMINATE, LEADER, 0, 500));
            case P6 -> Exam.of(Strike.of(FaultId.KILL, LEADER, 0, 2_000));
            // Clients that learn of the new leader by themselves spoil it: then there is another one.
            case P7 -> Exam.of(Strike.of(FaultId.PARTITION, LEADER, 0, 7_000)).times(2);
            // Members of W3 come and go, and some hang until they are none any more, and then commit.
            case P8 -> Exam.of().running("W3").lasting(Duration.ofSeconds(20));
            case P9 -> Exam.of().running("W3").lasting(Duration.ofSeconds(45));
            // Segments are small, so that some are full soon; a sound broker looks at them each second.
            case P12 ->
                Exam.of(Strike.of(FaultId.BIT_ROT, FOLLOWER, 1_000, 3_000))
                        .with("log.segment.bytes", SMALL_SEGMENT)
                        .with("scrub.interval.ms", "1000")
                        .with("scrub.bytes.per.second", "100000000")
                        .with("message.max.bytes", SMALL_MESSAGE)
                        .quiet(Duration.ofSeconds(6));
            case P13 -> Exam.of(Strike.of(FaultId.BIT_ROT, ANY, 0, 6_000));
            case P14 -> Exam.of(Strike.of(FaultId.KILL, ALL, 0, 500));
            case P16 ->
                Exam.of(Strike.of(FaultId.CLOCK, ALL, 0, 5_000).with("by.ms", THIRTY_DAYS_MILLIS))
                        .with("log.retention.check.interval.ms", "500");
            case P17 -> Exam.of().lasting(Duration.ofSeconds(4));
            case P18 ->
                Exam.of(Strike.of(FaultId.FULL_DISK, ALL, 0, 6_000).with("leave.kib", PAUSING_KIB))
                        .orDeadAfter(DEAD)
                        .onDisks();
            // At its end all brokers are killed: what they believed to have written is gone.
            case P19 ->
                Exam.of(Strike.of(FaultId.IO_ERROR, ALL, 0, 3_000).with("call", "write"))
                        .orDeadAfter(DEAD);
            case P20 -> Exam.of(Strike.of(FaultId.WIPE, ANY, 0, 8_000)).onBrokers(5);
        };
    }
}
