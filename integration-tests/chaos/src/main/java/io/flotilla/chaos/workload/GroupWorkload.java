package io.flotilla.chaos.workload;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Place;
import io.flotilla.chaos.port.AdminPort;
import io.flotilla.chaos.port.Answer;
import io.flotilla.chaos.port.ClientPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * W3: a producer, and a group whose members come, leave, crash and hang while it reads; somebody asks what it has committed.
 *
 * <p>Threading: the churn's thread changes the members; {@link #stop} waits for it before it touches them.
 */
public final class GroupWorkload implements Workload {
    /** Name of the group. */
    public static final String GROUP = "readers";

    private static final double COMMITTED_READS_PER_SECOND = 4;

    private final Scene scene;
    private final GroupOptions options;
    private final AppendWorkload writing;
    private final AtomicInteger generations = new AtomicInteger();
    private final List<Running> members = new ArrayList<>();
    private final List<ClientThreads.Watched> threads = new ArrayList<>();
    private final ClientPort asking;
    private final SplittableRandom random;
    private final Pace churnPace;
    private int joined;

    private record Running(GroupMember member, ClientThreads.Watched thread) {}

    private GroupWorkload(Scene scene, Topic topic, double share) {
        this.scene = scene;
        this.options = new GroupOptions(GROUP, topic);
        this.writing = AppendWorkload.named(scene, "W3", topic, share);
        this.random = scene.random("churn");
        this.asking = scene.connect();
        this.churnPace = new Pace(1_000.0 / scene.settings().churnInterval().toMillis());
    }

    /** @param share of the records per second that its producer sends */
    public static GroupWorkload start(Scene scene, Topic topic, double share) {
        GroupWorkload workload = new GroupWorkload(scene, topic, share);
        for (int i = 0; i < scene.settings().members(); i++) {
            workload.join();
        }
        workload.threads.add(scene.threads().start("W3-churn", 0, workload::churn));
        AdminPort admin = workload.asking.admin();
        int process = scene.recorder().nextProcess();
        Pace pace = new Pace(COMMITTED_READS_PER_SECOND);
        workload.threads.add(scene.threads().start("W3-committed", process, () -> workload.ask(admin, process, pace)));
        return workload;
    }

    private synchronized void join() {
        String name = "W3-member-" + ++joined;
        GroupMember member = new GroupMember(scene, options, generations, scene.random(name));
        members.add(new Running(member, scene.threads().start(name, member.consumer(), member)));
    }

    private void churn() {
        if (!churnPace.awaitDue()) {
            return;
        }
        churnPace.done(1);
        Optional<Running> chosen = one();
        if (chosen.isEmpty()) {
            return; // all hang
        }
        Running one = chosen.get();
        switch (random.nextInt(4)) {
            case 0 -> {
                end(one);
                join();
                scene.recorder().count("member left", 1);
            }
            case 1 -> {
                one.thread().end();
                one.member().crash();
                forget(one);
                join();
                scene.recorder().count("member crashed", 1);
            }
            case 2 -> {
                one.member().linger();
                scene.recorder().count("member hung", 1);
            }
            default -> {
                if (count() > scene.settings().members()) {
                    end(one);
                } else {
                    join();
                }
                scene.recorder().count("member joined or left", 1);
            }
        }
    }

    private synchronized Optional<Running> one() {
        List<Running> awake =
                members.stream().filter(one -> !one.member().hangs()).toList();
        return awake.isEmpty() ? Optional.empty() : Optional.of(awake.get(random.nextInt(awake.size())));
    }

    private synchronized int count() {
        return members.size();
    }

    private synchronized void forget(Running one) {
        members.remove(one);
    }

    private void end(Running one) {
        one.thread().end();
        one.thread().await();
        one.member().leave();
        forget(one);
    }

    private void ask(AdminPort admin, int process, Pace pace) {
        if (!pace.awaitDue()) {
            return;
        }
        pace.done(1);
        List<Place> places = options.topic().places();
        Place place = places.get((int) (scene.recorder().nanos() / 1_000 % places.size()));
        long startNanos = scene.recorder().nanos();
        Answer<OptionalLong> answer = admin.committed(GROUP, place);
        scene.recorder().count("committed read", answer.outcome());
        if (answer.isOk()) {
            scene.recorder()
                    .write(nanos -> new Event.CommittedRead(
                            nanos,
                            startNanos,
                            process,
                            GROUP,
                            place,
                            answer.get().orElse(-1)));
        }
    }

    @Override
    public String name() {
        return "W3";
    }

    @Override
    public void stop() {
        writing.stop();
        threads.forEach(ClientThreads.Watched::end);
        threads.forEach(ClientThreads.Watched::await);
        for (Running one : List.copyOf(members)) {
            end(one);
        }
    }

    @Override
    public void close() {
        for (Running one : List.copyOf(members)) {
            one.thread().end();
            one.member().crash();
        }
        asking.close();
        writing.close();
    }
}
