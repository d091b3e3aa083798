package io.flotilla.chaos.fault.process;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Repetition;
import io.flotilla.chaos.fault.Site;
import io.flotilla.cluster.SystemCommand;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * N26: {@code what=cpu}, {@code percent} 1 to 90 of a processor, 20 by default, by a control group, or by SIGSTOP and
 * SIGCONT where there is none; {@code what=descriptors}, no more than {@code limit} open files, 256 by default, after which
 * the broker is restarted; {@code what=gc}, one full collection of garbage after the other.
 */
public final class ScarceResources implements LingeringFault {
    private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(20);
    /** Of the strobe that stands in for a control group. */
    private static final long PERIOD_MILLIS = 200;

    private static final int COLLECTIONS = 3;
    private static final Duration BETWEEN_COLLECTIONS = Duration.ofMillis(100);

    private final Site site;
    private final FaultSpec spec;
    private final long seed;
    private final String what;
    private final long percent;
    private final long limit;
    private List<Integer> victims = List.of();
    private final List<CpuLimit> limits = new ArrayList<>();
    private Optional<Strobe> strobe = Optional.empty();
    private Optional<Repetition> collections = Optional.empty();
    private final Map<Integer, String> limitsBefore = new LinkedHashMap<>();

    public ScarceResources(Site site, FaultSpec spec, long seed) {
        this.site = site;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        this.what = parameters.choice("what", "cpu", "descriptors", "gc");
        this.percent = parameters.number("percent", 20, 1, 90);
        this.limit = parameters.number("limit", 256, 16, 1 << 20);
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        victims = site.roles().resolve(spec.target(), seed);
        switch (what) {
            case "cpu" -> limitProcessor();
            case "descriptors" -> victims.forEach(this::limitDescriptors);
            default -> collections = Optional.of(Repetition.start(this::collectGarbage, BETWEEN_COLLECTIONS));
        }
        return victims;
    }

    private void limitProcessor() {
        if (CpuLimit.isPossible()) {
            victims.forEach(id -> limits.add(CpuLimit.impose(site, id, percent)));
        } else {
            long goMillis = Math.max(1, PERIOD_MILLIS * percent / 100);
            strobe = Optional.of(Strobe.start(site, victims, PERIOD_MILLIS - goMillis, goMillis));
        }
    }

    private void limitDescriptors(int id) {
        site.excuse(id);
        limitsBefore.put(id, descriptorLimit(id));
        setDescriptorLimit(id, Long.toString(limit));
    }

    private void setDescriptorLimit(int id, String soft) {
        try {
            SystemCommand.run("prlimit", "--pid", Long.toString(site.cluster().pid(id)), "--nofile=" + soft + ":");
        } catch (IOException failure) {
            throw new FaultException("cannot limit the open files of broker " + id, failure);
        }
    }

    /** The soft limit now. */
    private String descriptorLimit(int id) {
        Path file = Path.of("/proc", Long.toString(site.cluster().pid(id)), "limits");
        try (Stream<String> lines = Files.lines(file)) {
            return lines.filter(line -> line.startsWith("Max open files"))
                    .map(line ->
                            line.substring("Max open files".length()).strip().split("\\s+", 2)[0])
                    .findFirst()
                    .orElseThrow(() -> new FaultException(file + " does not tell the limit of open files"));
        } catch (IOException | UncheckedIOException failure) {
            throw new FaultException("cannot read " + file, failure);
        }
    }

    private void collectGarbage() {
        for (int id : victims) {
            try {
                SystemCommand.run(
                        Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                        Long.toString(site.cluster().pid(id)),
                        "GC.run");
            } catch (IOException failure) {
                throw new UncheckedIOException("no collection of garbage in broker " + id, failure);
            }
        }
    }

    @Override
    public String verify() {
        if (collections.isPresent()) {
            Repetition running = collections.get();
            Site.await(
                    PROOF_TIMEOUT,
                    COLLECTIONS + " collections of garbage",
                    () -> running.done() >= COLLECTIONS,
                    () -> running.done() + " were done; last failure: " + running.lastFailure());
            return running.done() + " full collections of garbage";
        }
        if (!limitsBefore.isEmpty()) {
            for (int id : victims) {
                if (!descriptorLimit(id).equals(Long.toString(limit))) {
                    throw new FaultException("broker " + id + " may open " + descriptorLimit(id) + " files");
                }
            }
            return "limit of open files " + limit + " in place of " + limitsBefore.values();
        }
        return strobe.map(Strobe::proof)
                .orElseGet(() ->
                        String.join("; ", limits.stream().map(CpuLimit::proof).toList()));
    }

    @Override
    public void disarm() {
        collections.ifPresent(Repetition::close);
        strobe.ifPresent(Strobe::close);
        limits.forEach(CpuLimit::close);
        if (!limitsBefore.isEmpty()) {
            // Whatever could not be opened may have failed a replica: an operator raises the limit and restarts.
            site.kill(victims);
            limitsBefore.keySet().forEach(site::demand);
            limitsBefore.clear();
        }
        site.launch(victims);
    }

    @Override
    public void settle() {
        site.awaitReady(victims);
    }
}
