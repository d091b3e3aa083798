package io.flotilla.raftlog.raft.ratis.transport;

import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto.AppendResult;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;

/**
 * Lets a follower see of each append only the entries that it has not got.
 *
 * <p>Ratis 3.3.0 forgets the group's configurations from an append's first entry on, whatever the log has behind it ({@code
 * ServerState.updateConfiguration}). An append that comes again, as after a lost answer, may end before the newest
 * configuration, and what follows need not come again. The follower would then go by an older configuration: believe a
 * peer that was taken out to be a voter, a new one not to be, and lead by the votes of the wrong ones.
 *
 * <p>And when an append has the log's tail cut off, Ratis takes in the append's configurations first and then forgets those
 * from the tail's first entry on, the new ones too.
 *
 * <ul>
 *   <li>Entries at the front that are in the log are left out.
 *   <li>If none is left, a heartbeat takes the append's place, for what else it says.
 *   <li>If the first one left takes the place of another, it goes alone, twice; the rest is refused, and comes again.
 *   <li>While entries are being written it is not known which are there: an append that begins among them is refused, and
 *       comes again.
 * </ul>
 *
 * <p>Threading: safe for all threads; appends of a group enter one after the other.
 */
public final class NewEntries {
    /** The way into Ratis. */
    @FunctionalInterface
    public interface Entrance {
        CompletableFuture<AppendEntriesReplyProto> enter(AppendEntriesRequestProto request) throws IOException;
    }

    private final AppendsUnderWay<RaftServer.Division> underWay = new AppendsUnderWay<>();

    /**
     * Appends what is new.
     *
     * @return the answer to the whole request, which is held against the log, {@link KeptEntries}
     */
    public CompletableFuture<AppendEntriesReplyProto> append(
            RaftServer.Division member, AppendEntriesRequestProto request, Entrance ratis) throws IOException {
        if (request.getEntriesCount() == 0) {
            return ratis.enter(request);
        }
        if (!begin(member, request)) {
            return CompletableFuture.failedFuture(new IOException("entries from "
                    + request.getEntries(0).getIndex() + " on are being written; they are taken again afterwards"));
        }
        CompletableFuture<AppendEntriesReplyProto> answer;
        try {
            answer = appendNew(member.getRaftLog(), request, ratis);
        } catch (IOException | RuntimeException failure) {
            underWay.end(groupOf(member), member);
            throw failure;
        }
        return answer.whenComplete((reply, failure) -> underWay.end(groupOf(member), member))
                .thenApply(reply -> KeptEntries.require(member, request, reply));
    }

    private static CompletableFuture<AppendEntriesReplyProto> appendNew(
            RaftLog log, AppendEntriesRequestProto request, Entrance ratis) throws IOException {
        List<LogEntryProto> entries = request.getEntriesList();
        int known = known(log, entries);
        if (known < entries.size() && log.getTermIndex(entries.get(known).getIndex()) != null) {
            return cutOff(part(request, known, known + 1), ratis);
        }
        if (known == 0) {
            return ratis.enter(request);
        }
        AppendEntriesRequestProto rest = part(request, known, entries.size());
        long last = entries.get(known - 1).getIndex();
        return rest.getEntriesCount() > 0
                ? ratis.enter(rest)
                : ratis.enter(rest).thenApply(reply -> acknowledging(last, reply));
    }

    /** The second time there is nothing to cut off, and a configuration in the entry stays. */
    private static CompletableFuture<AppendEntriesReplyProto> cutOff(AppendEntriesRequestProto first, Entrance ratis)
            throws IOException {
        return ratis.enter(first).thenCompose(reply -> {
            try {
                return reply.getResult() == AppendResult.SUCCESS
                        ? ratis.enter(first)
                        : CompletableFuture.completedFuture(reply);
            } catch (IOException stopped) {
                return CompletableFuture.failedFuture(stopped);
            }
        });
    }

    private static AppendEntriesRequestProto part(AppendEntriesRequestProto request, int from, int to) {
        AppendEntriesRequestProto.Builder part = request.toBuilder()
                .clearEntries()
                .addAllEntries(request.getEntriesList().subList(from, to));
        if (from > 0) {
            part.setPreviousLog(TermIndex.valueOf(request.getEntries(from - 1)).toProto());
        }
        return part.build();
    }

    /** How many of the first entries the log has. */
    private static int known(RaftLog log, List<LogEntryProto> entries) {
        int known = 0;
        for (LogEntryProto entry : entries) {
            TermIndex there = log.getTermIndex(entry.getIndex());
            if (there == null || there.getTerm() != entry.getTerm()) {
                break;
            }
            known++;
        }
        return known;
    }

    private static AppendEntriesReplyProto acknowledging(long last, AppendEntriesReplyProto heartbeat) {
        return heartbeat.getResult() != AppendResult.SUCCESS
                ? heartbeat
                : heartbeat.toBuilder()
                        .setIsHearbeat(false)
                        .setMatchIndex(last)
                        .setNextIndex(last + 1)
                        .build();
    }

    private boolean begin(RaftServer.Division member, AppendEntriesRequestProto request) {
        long first = request.getEntries(0).getIndex();
        long last = request.getEntries(request.getEntriesCount() - 1).getIndex();
        return underWay.begin(groupOf(member), member, first, last);
    }

    private static UUID groupOf(RaftServer.Division member) {
        return member.getMemberId().getGroupId().getUuid();
    }
}
