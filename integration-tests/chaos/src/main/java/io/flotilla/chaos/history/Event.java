package io.flotilla.chaos.history;

import java.util.List;
import java.util.SortedMap;

/**
 * One line of a history. What a client does is two lines where the time between matters to the judge and the outcome may
 * stay unknown (a send, a commit, an administrative call: an invocation, then a completion with the same {@code op}), and
 * one line, written when the answer is there, where only answers count (reads: {@code startNanos} is when they were
 * asked for).
 *
 * <p>A value is named by the producer that sent it and its place among that producer's values. A producer's number is
 * never used again: whoever gives up after an unknown outcome goes on as another producer.
 */
public sealed interface Event {
    /** When the line was written, since the run began. */
    long nanos();

    /** The first line: what was run. {@code settings} has the options of the run, by name. */
    record RunStarted(
            long nanos, int format, long seed, String profile, int brokers, SortedMap<String, String> settings)
            implements Event {
        /** Of the lines as they are written today. */
        public static final int FORMAT = 1;
    }

    /** A new part of the run begins: {@code faults}, {@code healed} (all faults are over), {@code final}, {@code ended}. */
    record PhaseBegan(long nanos, String phase) implements Event {}

    /** A topic that workloads use. {@code settings} are its own, as given when it was created. */
    record TopicUsed(long nanos, String topic, int partitions, int replicas, SortedMap<String, String> settings)
            implements Event {}

    /** A producer; not one value of an idempotent one may be stored twice. */
    record ProducerOpened(long nanos, int process, int producer, boolean idempotent) implements Event {}

    record SendInvoked(long nanos, long op, int process, Place place, int producer, long sequence, int bytes)
            implements Event {}

    /** The offset is -1 unless the outcome is OK; the error is empty if it is. */
    record SendCompleted(long nanos, long op, int process, Outcome outcome, long offset, String error)
            implements Event {}

    /**
     * A consumer will next read the partition from this offset: it was assigned, has sought, or was told that its offset
     * is out of range. A consumer's number belongs to one incarnation.
     */
    record PositionSet(long nanos, int consumer, Place place, long offset) implements Event {}

    /** What one poll returned of one partition; {@code records} are not empty. */
    record Polled(long nanos, long startNanos, int consumer, Place place, Records records) implements Event {}

    /** An answer to the question for the log start offset or, with {@code end}, for the high watermark. */
    record BoundRead(long nanos, long startNanos, int process, Place place, boolean end, long offset)
            implements Event {}

    /** A call to delete the records before an offset. */
    record TrimInvoked(long nanos, long op, int process, Place place, long offset) implements Event {}

    record TrimCompleted(long nanos, long op, int process, Outcome outcome, String error) implements Event {}

    /** A member of a consumer group has got partitions, and has them until it says that it revoked or lost them. */
    record Assigned(long nanos, String group, int consumer, int generation, List<Place> places) implements Event {}

    /** A member has let go of partitions; {@code lost} if it heard so too late to commit. */
    record Revoked(long nanos, String group, int consumer, int generation, List<Place> places, boolean lost)
            implements Event {}

    record CommitInvoked(long nanos, long op, String group, int consumer, int generation, Place place, long offset)
            implements Event {}

    record CommitCompleted(long nanos, long op, String group, int consumer, Outcome outcome, String error)
            implements Event {}

    /** An answer to the question what a group has committed; -1 for nothing. */
    record CommittedRead(long nanos, long startNanos, int process, String group, Place place, long offset)
            implements Event {}

    /**
     * An administrative call about one topic, taken for a register of that name.
     *
     * @param call  {@code create}, {@code delete}, {@code alter} or {@code describe}
     * @param value what is to be written, empty for {@code delete} and {@code describe}
     */
    record AdminInvoked(long nanos, long op, int process, String call, String topic, String value) implements Event {}

    /** The value is what {@code describe} has read: empty if there is no such topic. */
    record AdminCompleted(long nanos, long op, int process, Outcome outcome, String value, String error)
            implements Event {}

    /**
     * A part of what is stored at the end, in the order of offsets.
     *
     * @param node whose replica's files were read; {@link #FROM_LEADER} for what a client reads
     */
    record FinalRead(long nanos, Place place, int node, Records records) implements Event {
        public static final int FROM_LEADER = 0;
    }

    /** The bounds of a log at the end, and a digest of all stored bytes between them, empty for {@code FROM_LEADER}. */
    record FinalBounds(long nanos, Place place, int node, long logStart, long logEnd, String digest) implements Event {}

    /**
     * A step of a fault. {@code phase} is {@code arming}, when it is not known yet whom it strikes, {@code armed}, {@code
     * verified}, {@code unverified} or {@code disarmed}; or {@code skipped}, if there was nobody to strike.
     */
    record FaultStep(
            long nanos,
            int episode,
            String fault,
            String phase,
            List<Integer> nodes,
            SortedMap<String, String> parameters,
            String detail)
            implements Event {}

    /** A broker says that it leads a partition; {@code metadata-0} is the metadata group. */
    record LeaderSeen(long nanos, Place place, int term, int node) implements Event {}

    /** A broker voted for a candidate in a term, as its log says. */
    record VoteSeen(long nanos, Place place, int term, int node, int candidate) implements Event {}

    record NodeStarted(long nanos, int node) implements Event {}

    /** @param expected whether a fault, or the end of the run, explains it */
    record NodeExited(long nanos, int node, int code, boolean expected) implements Event {}

    /** A line of a broker's log that no broker should ever write. */
    record LogComplaint(long nanos, int node, String line) implements Event {}

    /** What a broker's process uses; heap after a collection, bytes; disk, bytes. */
    record ResourcesRead(long nanos, int node, long descriptors, long threads, long heapBytes, long diskBytes)
            implements Event {}

    /**
     * A call of a client has not come to an end for longer than any of its timeouts.
     *
     * @param thread the client's
     * @param seconds so far
     */
    record ClientStuck(long nanos, int process, String thread, long seconds) implements Event {}

    /** A metric of a broker about one partition beside the bounds that the history must keep it in. */
    record MetricRead(long nanos, long startNanos, int node, String metric, Place place, double value)
            implements Event {}
}
