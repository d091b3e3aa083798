package io.flotilla.raftlog.raft.ratis.transport;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Frames of strangers: spoilt, cut, joined, or no frames at all. {@code -Dfuzz.frames=N} tries more of them,
 * {@code -Dfuzz.seed=S} others.
 */
class FrameFuzzTest {
    private static final int FRAMES = Integer.getInteger("fuzz.frames", 50_000);
    private static final long SEED = Long.getLong("fuzz.seed", 1);

    private static final RaftPeerId SELF = RaftPeerId.valueOf("1-self");
    private static final RaftPeerId PEER = RaftPeerId.valueOf("2-peer");
    private static final String REALM = "realm";

    /** Small, so that room for one content does not hide room for many. */
    private static final int CONTENT_BYTES_MAX = 64 * 1024;

    /** What a connection and a frame cost in any case, and objects made of each byte at most. */
    private static final long ALLOCATED_BYTES_BASE = 256 * 1024;

    private static final long ALLOCATED_PER_BYTE = 256;

    /** Frames that may be the first of their sort. */
    private static final int SORTS_MAX = 20;

    private static final int FRAMES_PER_VOTE = 64;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final CountingContext context = new CountingContext(SELF, REALM, CONTENT_BYTES_MAX);

    @Test
    void refusesWhatIsNoFrameWithinBoundsAndWithoutHarmToOthers() {
        EmbeddedChannel friend = greeted(Lane.URGENT);
        byte[] vote = FrameCorpus.frame(FrameCorpus.message(Kind.VOTE, PEER, SELF));
        Victims victims = new Victims();
        int beyond = 0;
        for (int i = 0; i < FRAMES; i++) {
            Taken taken = victims.take(new SplittableRandom(SEED * 1_000_003 + i));

            String name = "frame " + i + " of seed " + SEED + ", " + taken.bytes() + " bytes";
            if (isBeyond(taken)) {
                beyond++;
                // The first of its sort loads classes; the second must be within bounds.
                Taken again = victims.take(new SplittableRandom(SEED * 1_000_003 + i));
                assertThat(isBeyond(again))
                        .as(name + ", allocated " + again.allocatedBytes())
                        .isFalse();
            }
            if (taken.ended()) {
                assertThat(taken.refusals()).as(name).isPositive();
            }
            if (i % FRAMES_PER_VOTE == 0) {
                long receivedBefore = context.received();
                friend.writeInbound(Unpooled.wrappedBuffer(vote));
                assertThat(context.received()).as(name).isEqualTo(receivedBefore + 1);
            }
        }
        assertThat(beyond).isLessThanOrEqualTo(SORTS_MAX);
        assertThat(friend.isActive()).isTrue();
        assertThat(context.refused()).isGreaterThan(FRAMES / 10);
    }

    private static boolean isBeyond(Taken taken) {
        return taken.allocatedBytes() > ALLOCATED_BYTES_BASE + CONTENT_BYTES_MAX + ALLOCATED_PER_BYTE * taken.bytes();
    }

    /**
     * What became of one spoilt frame.
     *
     * @param ended whether it cost its sender the connection
     */
    private record Taken(int bytes, long allocatedBytes, boolean ended, long refusals) {}

    /** Connections that get spoilt frames, one after the other. */
    private final class Victims {
        private @Nullable EmbeddedChannel open;
        private Lane lane = Lane.BULK;

        Taken take(SplittableRandom random) {
            EmbeddedChannel victim = open;
            if (victim == null) {
                lane = random.nextBoolean() ? Lane.BULK : Lane.URGENT;
                victim = random.nextInt(4) == 0 ? new EmbeddedChannel(Connection.accepted(context)) : greeted(lane);
            }
            byte[] frame = spoilerOf(lane, random).next();
            long refusedBefore = context.refused();
            long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            deliver(victim, frame, random);
            long allocated = threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
            boolean ended = !victim.isActive();
            if (!ended && random.nextInt(8) == 0) {
                var unused = victim.close();
                open = null;
            } else {
                open = ended ? null : victim;
            }
            return new Taken(frame.length, allocated, ended, context.refused() - refusedBefore);
        }
    }

    private static Spoiler spoilerOf(Lane lane, SplittableRandom random) {
        List<byte[]> corpus = lane == Lane.BULK ? Corpus.BULK : Corpus.URGENT;
        return new Spoiler(random, corpus);
    }

    /** In pieces, as a network does. */
    private static void deliver(EmbeddedChannel channel, byte[] frame, SplittableRandom random) {
        int from = 0;
        while (from < frame.length && channel.isActive()) {
            int bytes = random.nextBoolean() ? frame.length - from : random.nextInt(1, frame.length - from + 1);
            channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(frame, from, from + bytes)));
            from += bytes;
        }
        channel.releaseOutbound();
    }

    private EmbeddedChannel greeted(Lane lane) {
        EmbeddedChannel channel = new EmbeddedChannel(Connection.accepted(context));
        channel.writeInbound(Unpooled.wrappedBuffer(FrameCorpus.hello(REALM, PEER, SELF, lane)));
        channel.releaseOutbound();
        assertThat(channel.isActive()).isTrue();
        return channel;
    }

    /** What is spoilt: each lane's frames, and greetings. */
    private static final class Corpus {
        static final List<byte[]> BULK = of(Lane.BULK);
        static final List<byte[]> URGENT = of(Lane.URGENT);

        private static List<byte[]> of(Lane lane) {
            List<byte[]> frames = FrameCorpus.frames(lane, PEER, SELF);
            frames.add(FrameCorpus.hello(REALM, PEER, SELF, lane));
            return frames;
        }
    }
}
