package io.flotilla.chaos.selftest;

import io.flotilla.chaos.backend.local.LocalBackend;
import io.flotilla.chaos.backend.local.LocalSettings;
import io.flotilla.chaos.backend.netns.NetnsBackend;
import io.flotilla.chaos.backend.netns.NetnsSettings;
import io.flotilla.chaos.check.CheckId;
import io.flotilla.chaos.check.Judge;
import io.flotilla.chaos.check.JudgeSettings;
import io.flotilla.chaos.check.Judgement;
import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.plant.Plant;
import io.flotilla.chaos.run.ChaosRun;
import io.flotilla.cluster.DirectoryTree;
import io.flotilla.cluster.suite.LoopDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** One trial: a cluster with or without a bug, its exam, and the judgement. */
final class Examination {
    private static final int HEAP_MIB = 192;

    /** Clusters live for a minute only. */
    private static final List<String> SHORT_LIVED = List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    /** Runs are short, and clients wait while a cluster does. */
    private static final long OK_OPERATIONS_MIN = 100;

    private final Plant plant;
    private final boolean planted;
    private final long seed;
    private final Exam exam;
    private final Path directory;

    /** @param parent of the run's folder */
    Examination(Plant plant, boolean planted, long seed, Path parent) {
        this.plant = plant;
        this.planted = planted;
        this.seed = seed;
        this.exam = Exams.of(plant);
        this.directory = parent.resolve(Trial.name(plant, planted, seed));
    }

    /**
     * Runs it and judges. The run's folder stays unless everything was as expected.
     *
     * @throws IOException if that folder cannot be written or deleted
     */
    Trial take() throws IOException {
        long beganNanos = System.nanoTime();
        if (Files.exists(directory)) {
            DirectoryTree.delete(directory);
        }
        Files.createDirectories(directory);
        Set<CheckId> violated = EnumSet.noneOf(CheckId.class);
        String problem = "";
        try {
            Judgement judgement = judgement();
            violated.addAll(judgement.violated());
            if (!planted && violated.remove(CheckId.C22)) {
                problem = "it proves nothing: "
                        + Objects.requireNonNull(judgement.results().get(CheckId.C22))
                                .examples();
            }
        } catch (FaultException | IllegalStateException failed) {
            problem = String.valueOf(failed.getMessage());
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - beganNanos);
        Set<String> unplanted = planted ? plant.missing(directory) : Set.of();
        Trial trial = new Trial(plant, planted, seed, violated, unplanted, problem, seconds);
        if (trial.isAsExpected()) {
            DirectoryTree.delete(directory);
        }
        return trial;
    }

    private Judgement judgement() throws IOException {
        List<String> flags = new ArrayList<>(SHORT_LIVED);
        if (planted) {
            flags.addAll(plant.jvmFlags(directory));
        }
        LocalSettings settings = new LocalSettings(exam.brokers(), directory, HEAP_MIB, exam.overrides(), flags)
                .enabling(exam.faultIds())
                .awaiting(exam.patience());
        try (LocalBackend backend = exam.needsDisks()
                ? NetnsBackend.open(new NetnsSettings(settings, LoopDisk.Kind.EXT4))
                : LocalBackend.open(settings)) {
            Laggards.register(plant, backend);
            ChaosRun.run(exam.settings(Trial.name(plant, planted, seed), seed), backend, directory);
        }
        Judgement judgement = Judge.judge(
                directory.resolve(ChaosRun.HISTORY),
                JudgeSettings.defaults().withOkOperationsMin(OK_OPERATIONS_MIN).withRecoveryMax(exam.patience()));
        judgement.writeTo(directory);
        return judgement;
    }
}
