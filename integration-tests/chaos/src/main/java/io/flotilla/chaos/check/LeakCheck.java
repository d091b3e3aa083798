package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event;
import io.flotilla.chaos.history.Event.NodeStarted;
import io.flotilla.chaos.history.Event.ResourcesRead;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * C20: what one process of a broker uses does not grow from episode to episode. Readings from healthy times only are
 * fitted by a line over the number of episodes that were over by then; growth counts if it is steep, steady, and more than
 * a process may reasonably warm up by. A disk fills with records, and is not judged.
 */
final class LeakCheck implements Check {
    private static final int READINGS_MIN = 8;
    private static final int EPISODES_MIN = 4;
    private static final int READINGS_MAX = 100_000;
    private static final double STEADINESS_MIN = 0.7; // r squared
    private static final long DESCRIPTORS_FREE = 64;
    private static final long THREADS_FREE = 32;
    private static final long HEAP_FREE = 64L << 20;

    private final Episodes episodes;
    private final JudgeSettings settings;
    private final Violations violations;
    private final Map<Integer, List<List<ResourcesRead>>> readings = new TreeMap<>();
    private long lastNanos;
    private int kept;

    LeakCheck(Episodes episodes, JudgeSettings settings, Violations violations) {
        this.episodes = episodes;
        this.settings = settings;
        this.violations = violations;
    }

    @Override
    public void see(Event event) {
        lastNanos = event.nanos();
        if (event instanceof NodeStarted started) {
            readings.computeIfAbsent(started.node(), ignored -> new ArrayList<>())
                    .add(new ArrayList<>());
        } else if (event instanceof ResourcesRead read && kept < READINGS_MAX) {
            List<List<ResourcesRead>> processes = readings.computeIfAbsent(read.node(), ignored -> new ArrayList<>());
            if (processes.isEmpty()) {
                processes.add(new ArrayList<>());
            }
            processes.get(processes.size() - 1).add(read);
            kept++;
        }
    }

    @Override
    public void end() {
        HealthyTimes healthy = HealthyTimes.of(episodes, settings, lastNanos);
        readings.forEach((node, processes) -> {
            for (List<ResourcesRead> process : processes) {
                List<ResourcesRead> calm = process.stream()
                        .filter(read -> healthy.contain(read.nanos()))
                        .toList();
                if (calm.size() >= READINGS_MIN
                        && over(calm.get(calm.size() - 1)) - over(calm.get(0)) >= EPISODES_MIN) {
                    violations.judged(CheckId.C20);
                    judge(node, calm);
                }
            }
        });
    }

    private void judge(int node, List<ResourcesRead> calm) {
        double[] episodesOver = calm.stream().mapToDouble(this::over).toArray();
        judge(
                node,
                "descriptors",
                episodesOver,
                calm.stream().mapToDouble(ResourcesRead::descriptors).toArray(),
                DESCRIPTORS_FREE);
        judge(
                node,
                "threads",
                episodesOver,
                calm.stream().mapToDouble(ResourcesRead::threads).toArray(),
                THREADS_FREE);
        judge(
                node,
                "heap bytes",
                episodesOver,
                calm.stream().mapToDouble(ResourcesRead::heapBytes).toArray(),
                HEAP_FREE);
    }

    private void judge(int node, String what, double[] x, double[] y, long free) {
        double meanX = mean(x);
        double meanY = mean(y);
        double xx = 0;
        double xy = 0;
        double yy = 0;
        for (int i = 0; i < x.length; i++) {
            xx += (x[i] - meanX) * (x[i] - meanX);
            xy += (x[i] - meanX) * (y[i] - meanY);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        if (xx == 0 || yy == 0) {
            return;
        }
        double slope = xy / xx;
        double percent = 100 * slope / meanY;
        double steadiness = xy * xy / (xx * yy);
        double growth = slope * (x[x.length - 1] - x[0]);
        if (percent > settings.leakPercent() && steadiness >= STEADINESS_MIN && growth > free) {
            violations.add(
                    CheckId.C20,
                    lastNanos,
                    String.format(
                            "node %d: %s grow by %.1f %% an episode, from %.0f to %.0f (r squared %.2f)",
                            node, what, percent, y[0], y[y.length - 1], steadiness));
        }
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    private long over(ResourcesRead read) {
        return episodes.spells().stream()
                .filter(spell -> spell.disarmedNanos() < read.nanos())
                .count();
    }
}
