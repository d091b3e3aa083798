package io.flotilla.chaos.run;

import io.flotilla.chaos.backend.Backend;
import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.plan.Episode;
import io.flotilla.chaos.plan.PlannedFault;
import io.flotilla.chaos.workload.Recorder;
import io.flotilla.protocol.error.LogException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the faults of an episode happen, one step at a time on the thread that strikes, and writes each step. A fault whose
 * effect does not show at once is asked for its proof again before it is disarmed, and once more afterwards.
 */
final class EpisodeRunner {
    private static final Logger LOG = LoggerFactory.getLogger(EpisodeRunner.class);
    private static final int DETAIL_MAX = 500;

    private final Recorder recorder;
    private final Backend backend;
    private final Triggers triggers;
    private final List<String> unverified;
    private final SortedMap<String, Long> steps = new TreeMap<>();

    /** Taken back, but with brokers that may still be coming up, and what is left of it. */
    private final Map<Armed, String> lingering = new LinkedHashMap<>();

    EpisodeRunner(Recorder recorder, Backend backend, Triggers triggers, List<String> unverified) {
        this.recorder = recorder;
        this.backend = backend;
        this.triggers = triggers;
        this.unverified = unverified;
    }

    /** How many steps there were of each kind. */
    SortedMap<String, Long> steps() {
        return steps;
    }

    /** Counts an episode for which there was no time. */
    void leftOut(Episode episode) {
        LOG.info("no time is left for an episode episode={}", episode.number());
        steps.merge("episodes left out", 1L, Long::sum);
    }

    private record Step(long dueNanos, Armed armed, boolean isDisarming) {}

    private static final class Armed {
        private final PlannedFault planned;
        private final Fault fault;
        private List<Integer> nodes = List.of();
        private String problem = "it was not asked for its proof";
        private boolean verified;

        Armed(PlannedFault planned, Fault fault) {
            this.planned = planned;
            this.fault = fault;
        }
    }

    /** Returns once all its faults are over. */
    void run(Episode episode) {
        long startNanos = System.nanoTime();
        PriorityQueue<Step> due = new PriorityQueue<>(Comparator.comparingLong(step -> step.dueNanos() - startNanos));
        List<Armed> acting = new ArrayList<>();
        for (PlannedFault planned : episode.faults()) {
            try {
                Armed armed = new Armed(planned, backend.fault(planned.spec(), planned.seed()));
                due.add(new Step(startNanos + planned.delayMillis() * 1_000_000, armed, false));
            } catch (FaultException impossible) {
                write(episode, planned, "unverified", List.of(), "not possible: " + impossible.getMessage());
            }
        }
        try {
            while (!due.isEmpty()) {
                Step step = due.remove();
                awaitNanos(step.dueNanos());
                Armed armed = step.armed();
                if (step.isDisarming()) {
                    acting.remove(armed);
                    disarm(episode, armed);
                } else if (arm(episode, armed, acting)) {
                    due.add(new Step(System.nanoTime() + armed.planned.lengthMillis() * 1_000_000, armed, true));
                }
            }
        } finally {
            acting.forEach(EpisodeRunner::disarmQuietly);
        }
        lingering.forEach((armed, left) -> settle(episode, armed, left));
        lingering.clear();
    }

    /** Whether it struck anybody. */
    private boolean arm(Episode episode, Armed armed, List<Armed> acting) {
        if (!triggers.await(armed.planned.trigger())) {
            LOG.info("no trigger came trigger={} episode={}", armed.planned.trigger(), episode.number());
        }
        write(episode, armed.planned, "arming", List.of(), "");
        try {
            armed.nodes = armed.fault.arm();
        } catch (FaultException | IllegalStateException | LogException failure) {
            // Together with another fault there may be nobody left who has the role: then nothing was struck.
            write(episode, armed.planned, "skipped", List.of(), String.valueOf(failure.getMessage()));
            disarmQuietly(armed);
            return false;
        }
        acting.add(armed);
        write(episode, armed.planned, "armed", armed.nodes, "");
        verify(episode, armed);
        return true;
    }

    private void verify(Episode episode, Armed armed) {
        if (armed.verified) {
            return;
        }
        try {
            String proof = armed.fault.verify();
            armed.verified = true;
            write(episode, armed.planned, "verified", armed.nodes, proof);
        } catch (FaultException | IllegalStateException | LogException unproved) {
            armed.problem = String.valueOf(unproved.getMessage());
        }
    }

    private void disarm(Episode episode, Armed armed) {
        verify(episode, armed);
        String left = "";
        try {
            armed.fault.disarm();
        } catch (FaultException | IllegalStateException | LogException failure) {
            LOG.warn("a fault was not taken back fault={}", armed.planned.spec().id(), failure);
            left = String.valueOf(failure.getMessage());
        }
        if (armed.fault instanceof LingeringFault) {
            lingering.put(armed, left);
        } else {
            isOver(episode, armed, left);
        }
    }

    /** Waits for the brokers of a fault that was taken back before. */
    private void settle(Episode episode, Armed armed, String leftBefore) {
        String left = leftBefore;
        try {
            ((LingeringFault) armed.fault).settle();
        } catch (FaultException | IllegalStateException | LogException failure) {
            LOG.warn("brokers did not come back fault={}", armed.planned.spec().id(), failure);
            left = left.isEmpty() ? String.valueOf(failure.getMessage()) : left + "; " + failure.getMessage();
        }
        isOver(episode, armed, left);
    }

    private void isOver(Episode episode, Armed armed, String left) {
        write(episode, armed.planned, "disarmed", armed.nodes, left);
        verify(episode, armed);
        if (!armed.verified) {
            write(episode, armed.planned, "unverified", armed.nodes, armed.problem);
        }
    }

    private static void disarmQuietly(Armed armed) {
        try {
            armed.fault.disarm();
            if (armed.fault instanceof LingeringFault fault) {
                fault.settle();
            }
        } catch (FaultException | IllegalStateException | LogException nothingLeft) {
            LOG.warn(
                    "what was not armed was not taken back either fault={}",
                    armed.planned.spec().id(),
                    nothingLeft);
        }
    }

    private void write(Episode episode, PlannedFault planned, String phase, List<Integer> nodes, String detail) {
        SortedMap<String, String> parameters = new TreeMap<>(planned.spec().parameters());
        parameters.put(
                "target",
                planned.spec().target().role() + "/" + planned.spec().target().count());
        parameters.put("length.ms", Long.toString(planned.lengthMillis()));
        String told = detail.length() > DETAIL_MAX ? detail.substring(0, DETAIL_MAX) : detail;
        recorder.write(nanos -> new Event.FaultStep(
                nanos, episode.number(), planned.spec().id().name(), phase, nodes, parameters, told));
        steps.merge("fault " + phase, 1L, Long::sum);
        steps.merge("fault " + phase + " " + planned.spec().id(), 1L, Long::sum);
        if (phase.equals("unverified")) {
            unverified.add("episode " + episode.number() + ": " + planned.spec().id() + ": " + told);
        }
        LOG.info(
                "fault {} episode={} fault={} nodes={} {}",
                phase,
                episode.number(),
                planned.spec().id(),
                nodes,
                told);
    }

    private static void awaitNanos(long dueNanos) {
        while (dueNanos - System.nanoTime() > 0) {
            LockSupport.parkNanos(dueNanos - System.nanoTime());
        }
    }
}
