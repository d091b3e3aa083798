package io.flotilla.raftlog.raft.ratis.simulation;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ReplicatedGroup;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What was asked of a group and what it answered.
 *
 * <p>Threading: safe for all threads; answers come on those of the hosts.
 */
final class History {
    private final SafetyCheck safety;

    @GuardedBy("this")
    private final Set<String> proposed = new HashSet<>();

    @GuardedBy("this")
    private final Map<String, LogPosition> acknowledged = new HashMap<>();

    /** Highest index that is acknowledged: whatever is asked for from now on must come after it, or see it. */
    @GuardedBy("this")
    private long floor = -1;

    @GuardedBy("this")
    private final List<String> violations = new ArrayList<>();

    @GuardedBy("this")
    private List<CompletableFuture<?>> waiting = new ArrayList<>();

    History(SafetyCheck safety) {
        this.safety = safety;
    }

    /** Proposes an entry of a size through one member. */
    CompletableFuture<Boolean> propose(int node, ReplicatedGroup member, int bytes) {
        ByteBuffer entry;
        String text;
        long floorBefore;
        synchronized (this) {
            String word = "e" + proposed.size() + (bytes > 0 ? " " + "x".repeat(bytes) : "");
            entry = ByteBuffer.wrap(word.getBytes(StandardCharsets.UTF_8));
            text = Applied.textOf(entry);
            proposed.add(text);
            floorBefore = floor;
        }
        CompletableFuture<Boolean> answered = member.propose(entry).handle((answer, failure) -> {
            if (failure != null) {
                return false; // whether it is replicated is not known
            }
            acknowledged(node, text, Applied.positionIn(answer), floorBefore);
            return true;
        });
        addWaiting(answered);
        return answered;
    }

    private synchronized void acknowledged(int node, String text, LogPosition position, long floorBefore) {
        safety.noteLeader(node, position.term());
        if (acknowledged.put(text, position) != null) {
            violations.add(text + " was acknowledged twice");
        }
        if (position.index() <= floorBefore) {
            violations.add(text + " is at " + position + ", and index " + floorBefore + " was acknowledged before it");
        }
        floor = Math.max(floor, position.index());
    }

    /** Asks a member for a read barrier. Behind one that passes lies all that was acknowledged before. */
    synchronized void barrier(int node, ReplicatedGroup member, Journal journal) {
        long floorBefore = floor;
        addWaiting(member.readBarrier().handle((passed, failure) -> {
            if (failure == null && journal.position().index() < floorBefore) {
                violated("a barrier passed on node " + node + " at " + journal.position() + ", and index " + floorBefore
                        + " was acknowledged before it");
            }
            return failure == null;
        }));
    }

    synchronized void violated(String what) {
        violations.add(what);
    }

    private synchronized void addWaiting(CompletableFuture<?> answer) {
        waiting.add(answer);
    }

    /** Waits until all is answered that was asked, but not for longer. */
    void awaitAnswers(Duration longest) throws InterruptedException {
        List<CompletableFuture<?>> asked;
        synchronized (this) {
            waiting = new ArrayList<>(
                    waiting.stream().filter(answer -> !answer.isDone()).toList());
            asked = List.copyOf(waiting);
        }
        try {
            CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
                    .get(longest.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException goesOn) {
            return;
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    synchronized int acknowledgedCount() {
        return acknowledged.size();
    }

    /** Compares the last state of all members with what was asked and answered. */
    synchronized List<String> verdict(List<Applied> last) {
        List<String> found = new ArrayList<>(violations);
        found.addAll(safety.violations());
        Map<String, LogPosition> places = new HashMap<>();
        Map<Long, Applied> byIndex = new HashMap<>();
        for (Applied entry : last) {
            byIndex.put(entry.position().index(), entry);
            if (places.put(entry.text(), entry.position()) != null) {
                found.add(entry.text() + " is there twice");
            }
            if (!proposed.contains(entry.text())) {
                found.add(entry + " was never proposed");
            }
        }
        acknowledged.forEach((text, position) -> {
            if (!position.equals(places.get(text))) {
                found.add(text + " was acknowledged at " + position + " and is at " + places.get(text));
            }
        });
        safety.entries().forEach((index, entry) -> {
            if (!entry.equals(byIndex.get(index))) {
                found.add(entry + " was applied once, and the last state has " + byIndex.get(index));
            }
        });
        return found;
    }
}
