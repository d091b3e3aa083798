package io.flotilla.chaos.check.mutation;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Outcome;
import java.util.ArrayDeque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Creates, alters, deletes and describes one topic, two calls at a time; each takes effect between its ends. */
final class SyntheticAdmin {
    static final String TOPIC = "register";

    private static final List<String> CALLS = List.of("create", "alter", "delete", "describe", "describe");

    private record Call(long op, int process, String call, String value) {}

    private final SplittableRandom random;
    private final SyntheticClock clock;
    private final Consumer<Event> out;
    private final ArrayDeque<Call> open = new ArrayDeque<>();
    private String register = "";
    private int values;

    SyntheticAdmin(SplittableRandom random, SyntheticClock clock, Consumer<Event> out) {
        this.random = random;
        this.clock = clock;
        this.out = out;
    }

    void work() {
        if (open.size() < 2 && random.nextBoolean()) {
            String call = CALLS.get(random.nextInt(CALLS.size()));
            boolean writes = call.equals("create") || call.equals("alter");
            var invoked = new Call(clock.op(), 60 + open.size(), call, writes ? "v" + values++ : "");
            open.add(invoked);
            out.accept(new Event.AdminInvoked(clock.next(), invoked.op, invoked.process, call, TOPIC, invoked.value));
        } else if (!open.isEmpty()) {
            complete(random.nextBoolean() ? open.removeFirst() : open.removeLast());
        }
    }

    private void complete(Call call) {
        boolean exists = !register.isEmpty();
        boolean describes = call.call.equals("describe");
        if (describes || call.call.equals("create") != exists) {
            if (!describes) {
                register = call.value;
            }
            boolean known = describes || random.nextInt(20) > 0;
            out.accept(new Event.AdminCompleted(
                    clock.next(),
                    call.op,
                    call.process,
                    known ? Outcome.OK : Outcome.INFO,
                    describes ? register : "",
                    known ? "" : "TIMEOUT"));
        } else {
            out.accept(new Event.AdminCompleted(
                    clock.next(), call.op, call.process, Outcome.FAIL, "", exists ? "TOPIC_EXISTS" : "NO_TOPIC"));
        }
    }
}
