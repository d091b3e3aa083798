package io.flotilla.controlplane;

import io.flotilla.protocol.error.ErrorCode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * What the only user of a topic's name knows of the topics that had it, and whether the answers it got fit that. Once the
 * effect of a call is unknown, nothing is known of the name any more.
 *
 * <p>Threading: confined to the worker that owns the name.
 */
final class OwnedName {
    private static final int PERCENT = 100;
    private static final int ODD_CALLS_PERCENT = 10;
    /** So that few topics are kept: each has replicas on brokers. */
    private static final int DELETED_MAX = 2;

    private final String name;
    private final Set<String> everLive = new HashSet<>();
    private final SortedSet<String> deleted = new TreeSet<>();
    private final List<String> answers = new ArrayList<>();
    private Optional<String> live = Optional.empty();
    private boolean unsure;

    OwnedName(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** Id of the topic that has the name. */
    Optional<String> live() {
        return live;
    }

    /** Ids of the topics that had the name and can be undeleted. */
    SortedSet<String> deleted() {
        return deleted;
    }

    /** Whether anything may be the case. */
    boolean unsure() {
        return unsure;
    }

    /** A call that makes sense, or now and then one that does not. */
    Call next(SplittableRandom random) {
        boolean odd = random.nextInt(PERCENT) < ODD_CALLS_PERCENT;
        int choice = random.nextInt(3);
        if (live.isPresent()) {
            if (odd) {
                return Call.CREATE_AGAIN;
            }
            if (!deleted.isEmpty() && choice == 0) {
                return Call.PURGE;
            }
            return deleted.size() < DELETED_MAX && choice == 1 ? Call.DELETE : Call.DELETE_NOW;
        }
        if (odd) {
            return Call.DELETE_MISSING;
        }
        if (deleted.isEmpty() || choice == 0) {
            return Call.CREATE;
        }
        return choice == 1 ? Call.UNDELETE : Call.PURGE;
    }

    /**
     * Learns from an answer.
     *
     * @param target id of the topic that the call named, if it named one
     * @return what is wrong with it; nothing is known of the name then
     */
    Optional<String> answered(Call call, Optional<String> target, Answer answer) {
        answers.add(call + target.map(id -> " " + id).orElse("") + ": " + answer);
        if (answer.leavesUnknown()) {
            unsure = true;
            return Optional.empty();
        }
        if (isRight(call, target, answer)) {
            return Optional.empty();
        }
        unsure = true;
        return Optional.of("topic " + name + ": " + call + " was answered " + answer + "; all answers: " + answers);
    }

    private boolean isRight(Call call, Optional<String> target, Answer answer) {
        return switch (call) {
            case CREATE -> answer.topicId().filter(this::isNew).isPresent() && comes(answer.topicId());
            case CREATE_AGAIN ->
                answer.succeeded() ? answer.topicId().equals(live) : is(answer, ErrorCode.TOPIC_ALREADY_EXISTS);
            case DELETE -> answer.succeeded() && deleted.add(live.orElseThrow()) && goes();
            case DELETE_NOW -> answer.succeeded() && goes();
            // A retried call that finds nothing takes that for its own doing.
            case DELETE_MISSING -> answer.succeeded() || is(answer, ErrorCode.UNKNOWN_TOPIC);
            case UNDELETE -> answer.topicId().equals(target) && deleted.remove(target.orElseThrow()) && comes(target);
            case PURGE -> answer.succeeded() && deleted.remove(target.orElseThrow());
        };
    }

    private static boolean is(Answer answer, ErrorCode code) {
        return answer.failure().equals(Optional.of(code));
    }

    private boolean isNew(String id) {
        return !everLive.contains(id);
    }

    private boolean comes(Optional<String> id) {
        live = id;
        everLive.add(id.orElseThrow());
        return true;
    }

    private boolean goes() {
        live = Optional.empty();
        return true;
    }

    @Override
    public String toString() {
        return name + " live=" + live.orElse("none") + " deleted=" + deleted + (unsure ? " unsure" : "") + " answers="
                + answers;
    }
}
