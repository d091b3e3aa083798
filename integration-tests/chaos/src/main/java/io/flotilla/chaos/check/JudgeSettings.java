package io.flotilla.chaos.check;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How strict the judge is. Start from {@link #defaults}.
 *
 * @param okOperationsMin     a history with fewer successful operations proves nothing (C22)
 * @param okShareMin          so does one in which, outside of faults, a smaller share of sends succeeds (C22), 0 to 1
 * @param silenceMax          how long a partition with sends may do nothing while no fault is active (C18)
 * @param grace               after a fault's end, before that counts (C18)
 * @param recoveryMax         after {@code healed}, until all partitions must be writable (C18)
 * @param stuckMax            how long one call of a client may last (C18)
 * @param armingLead          how long before its line {@code armed} a fault may already act (C18)
 * @param leakPercent         growth of a resource per episode that is a leak (C20)
 * @param registerSearchMax   how long the search for an order of one topic's calls may take (C17)
 * @param retentionSlack      how much too early a record may be removed by retention (C15)
 * @param metricLag           how old a broker's metric may be (C10)
 * @param scratch             where temporary files are made; by default in the system's folder for them
 */
public record JudgeSettings(
        long okOperationsMin,
        double okShareMin,
        Duration silenceMax,
        Duration grace,
        Duration recoveryMax,
        Duration stuckMax,
        Duration armingLead,
        double leakPercent,
        Duration registerSearchMax,
        Duration retentionSlack,
        Duration metricLag,
        Optional<Path> scratch) {
    public JudgeSettings {
        if (okShareMin < 0 || okShareMin > 1) {
            throw new IllegalArgumentException("okShareMin is " + okShareMin + ": must be from 0 to 1");
        }
    }

    /** The specification's numbers. */
    public static JudgeSettings defaults() {
        return new JudgeSettings(
                1_000,
                0.5,
                Duration.ofSeconds(5),
                Duration.ofSeconds(20),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(5),
                1.0,
                Duration.ofSeconds(60),
                Duration.ofSeconds(1),
                Duration.ofSeconds(15),
                Optional.empty());
    }

    /** For short histories, in which few operations are enough. */
    public JudgeSettings withOkOperationsMin(long operations) {
        return new JudgeSettings(
                operations,
                okShareMin,
                silenceMax,
                grace,
                recoveryMax,
                stuckMax,
                armingLead,
                leakPercent,
                registerSearchMax,
                retentionSlack,
                metricLag,
                scratch);
    }

    /** The same with a cluster that has to serve sooner, or may later, once all faults are over. */
    public JudgeSettings withRecoveryMax(Duration longest) {
        return new JudgeSettings(
                okOperationsMin,
                okShareMin,
                silenceMax,
                grace,
                longest,
                stuckMax,
                armingLead,
                leakPercent,
                registerSearchMax,
                retentionSlack,
                metricLag,
                scratch);
    }

    public JudgeSettings withScratch(Path directory) {
        return new JudgeSettings(
                okOperationsMin,
                okShareMin,
                silenceMax,
                grace,
                recoveryMax,
                stuckMax,
                armingLead,
                leakPercent,
                registerSearchMax,
                retentionSlack,
                metricLag,
                Optional.of(directory));
    }
}
