package io.flotilla.controlplane;

import io.flotilla.client.Admin;
import io.flotilla.client.NewTopic;
import io.flotilla.protocol.error.LogException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;

/**
 * Makes and deletes topics of names that nobody else uses, one call after the other. A name of which nothing is known any
 * more is given up for a new one: the call that got no answer may yet have its effect.
 *
 * <p>Threading: run by one thread.
 */
final class TopicWorker implements Callable<TopicWorker.History> {
    private static final int NAMES = 3;
    /** Two of three, so that a topic can be made while a broker is away for long. */
    private static final int REPLICAS_MAX = 2;

    private final Admin admin;
    private final CallBudget budget;
    private final CallTally tally;
    private final SplittableRandom random;
    private final String prefix;
    private final List<OwnedName> inUse = new ArrayList<>();
    private final List<OwnedName> all = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    /**
     * @param prefix of its topics' names, no other worker's
     */
    TopicWorker(Admin admin, CallBudget budget, CallTally tally, SplittableRandom random, String prefix) {
        this.admin = admin;
        this.budget = budget;
        this.tally = tally;
        this.random = random;
        this.prefix = prefix;
        for (int slot = 0; slot < NAMES; slot++) {
            inUse.add(anotherName());
        }
    }

    /**
     * @param names      all that were used
     * @param complaints about answers
     */
    record History(List<OwnedName> names, List<String> complaints) {}

    @Override
    public History call() throws InterruptedException {
        while (budget.take()) {
            int slot = random.nextInt(NAMES);
            call(inUse.get(slot));
            if (inUse.get(slot).unsure()) {
                inUse.set(slot, anotherName());
            }
        }
        return new History(List.copyOf(all), List.copyOf(complaints));
    }

    private OwnedName anotherName() {
        OwnedName name = new OwnedName(prefix + all.size());
        all.add(name);
        return name;
    }

    private void call(OwnedName name) {
        Call call = name.next(random);
        Optional<String> target = call == Call.UNDELETE || call == Call.PURGE
                ? Optional.of(name.deleted().first())
                : Optional.empty();
        long startNanos = System.nanoTime();
        Answer answer = answerTo(call, name.name(), target);
        tally.add(call, answer, Duration.ofNanos(System.nanoTime() - startNanos));
        name.answered(call, target, answer).ifPresent(complaints::add);
    }

    private Answer answerTo(Call call, String name, Optional<String> target) {
        try {
            return switch (call) {
                case CREATE, CREATE_AGAIN ->
                    Answer.of(admin.createTopic(NewTopic.of(name, 1, 1 + random.nextInt(REPLICAS_MAX)))
                            .topicId());
                case DELETE, DELETE_MISSING -> {
                    admin.deleteTopic(name);
                    yield Answer.done();
                }
                case DELETE_NOW -> {
                    admin.deleteTopicNow(name);
                    yield Answer.done();
                }
                case UNDELETE ->
                    Answer.of(admin.undeleteTopic(target.orElseThrow()).topicId());
                case PURGE -> {
                    admin.deleteTopicNow(target.orElseThrow());
                    yield Answer.done();
                }
            };
        } catch (LogException failure) {
            return Answer.failed(failure.code());
        }
    }
}
