package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.AdminCompleted;
import io.flotilla.chaos.history.Event.AdminInvoked;
import io.flotilla.chaos.history.Event.TopicUsed;
import io.flotilla.chaos.history.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** C17: gathers the calls about each topic, and asks {@link RegisterSearch} for an order that explains the answers. */
final class RegisterCheck implements Check {
    /** Calls about one topic that are judged; a history with more is not answered. */
    private static final int CALLS_MAX = 50_000;

    private final long searchNanosMax;
    private final Violations violations;
    private final Map<Long, AdminInvoked> open = new HashMap<>();
    private final Map<String, List<RegisterCall>> calls = new TreeMap<>();
    private final Set<String> existing = new HashSet<>();

    RegisterCheck(JudgeSettings settings, Violations violations) {
        this.searchNanosMax = settings.registerSearchMax().toNanos();
        this.violations = violations;
    }

    @Override
    public void see(Event event) {
        if (event instanceof AdminInvoked invoked) {
            open.put((long) invoked.process() << 40 | invoked.op(), invoked);
        } else if (event instanceof AdminCompleted completed) {
            AdminInvoked invoked = open.remove((long) completed.process() << 40 | completed.op());
            if (invoked != null) {
                completed(invoked, completed);
            }
        } else if (event instanceof TopicUsed used && !calls.containsKey(used.topic())) {
            existing.add(used.topic());
        }
    }

    private void completed(AdminInvoked invoked, AdminCompleted completed) {
        boolean describe = invoked.call().equals("describe");
        if (completed.outcome() == Outcome.OK) {
            add(invoked, describe ? completed.value() : invoked.value(), completed.nanos(), true);
        } else if (!describe && (completed.outcome() == Outcome.INFO || mayBeItsOwnEcho(completed.error()))) {
            add(invoked, invoked.value(), Long.MAX_VALUE, false);
        }
    }

    /** A call that was sent twice below the surface meets what it has done itself. */
    private static boolean mayBeItsOwnEcho(String error) {
        String text = error.toUpperCase(Locale.ROOT);
        return text.contains("EXIST") || text.contains("UNKNOWN") || text.contains("NOT_FOUND");
    }

    private void add(AdminInvoked invoked, String value, long returned, boolean certain) {
        List<RegisterCall> list = calls.computeIfAbsent(invoked.topic(), ignored -> new ArrayList<>());
        if (list.size() < CALLS_MAX) {
            list.add(new RegisterCall(invoked.op(), invoked.call(), value, invoked.nanos(), returned, certain));
        } else {
            violations.unknown(CheckId.C17, "more than " + CALLS_MAX + " calls about topic " + invoked.topic());
        }
    }

    @Override
    public void end() {
        for (AdminInvoked invoked : open.values()) {
            if (!invoked.call().equals("describe")) {
                add(invoked, invoked.value(), Long.MAX_VALUE, false);
            }
        }
        calls.forEach((topic, list) -> {
            violations.judged(CheckId.C17, list.size());
            var search = new RegisterSearch(list, existing.contains(topic), searchNanosMax);
            switch (search.run()) {
                case VALID -> {
                    // as it should be
                }
                case INVALID ->
                    violations.add(CheckId.C17, search.stuckNanos(), "topic " + topic + ": " + search.explanation());
                default -> violations.unknown(CheckId.C17, "topic " + topic + ": " + search.explanation());
            }
        });
    }
}
