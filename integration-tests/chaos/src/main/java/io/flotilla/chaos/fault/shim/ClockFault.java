package io.flotilla.chaos.fault.shim;

import io.flotilla.chaos.fault.FaultException;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.LingeringFault;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.journal.Journal;
import io.flotilla.chaos.fault.shim.ShimRule.Action;
import io.flotilla.chaos.fault.shim.ShimRule.Call;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * N20: the wall clock of the brokers is wrong. {@code mode=jump}, {@code by.ms} ahead, an hour by default and behind if
 * negative, up to 400 days; {@code mode=strobe}, ahead by as much in every other period of {@code period.ms}, 200 by
 * default; {@code mode=rate}, at {@code percent} of its speed, 200 by default.
 */
final class ClockFault implements LingeringFault {
    private static final long BY_MILLIS_MAX = Duration.ofDays(400).toMillis();
    private static final Duration PROOF_TIMEOUT = Duration.ofSeconds(20);
    /** What a broker reports is cut to seconds, and a while old. */
    private static final Duration INACCURACY = Duration.ofSeconds(2);

    private final Site site;
    private final Shim shim;
    private final FaultSpec spec;
    private final long seed;
    private final String mode;
    private final long byMillis;
    private final long periodMillis;
    private final long percent;
    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final SortedMap<Integer, Integer> slots = new TreeMap<>();
    private final List<Long> journaled = new ArrayList<>();

    ClockFault(Site site, Shim shim, FaultSpec spec, long seed) {
        this.site = site;
        this.shim = shim;
        this.spec = spec;
        this.seed = seed;
        Parameters parameters = Parameters.of(spec);
        this.mode = parameters.choice("mode", "jump", "strobe", "rate");
        this.byMillis = parameters.number("by.ms", Duration.ofHours(1).toMillis(), -BY_MILLIS_MAX, BY_MILLIS_MAX);
        this.periodMillis = parameters.number("period.ms", 200, 10, 60_000);
        this.percent = parameters.number("percent", 200, 1, 1000);
        parameters.requireAllKnown();
    }

    @Override
    public FaultSpec spec() {
        return spec;
    }

    @Override
    public List<Integer> arm() {
        List<Integer> victims = site.roles().resolve(spec.target(), seed);
        for (int id : victims) {
            ShimControl control = shim.control(id);
            journaled.add(site.journal()
                    .add(Journal.CONTROL_FILE, List.of(control.rulesFile().toString()), List.of()));
            slots.put(id, control.add(rule()));
        }
        return victims;
    }

    private ShimRule rule() {
        return switch (mode) {
            case "jump" -> ShimRule.always(Call.CLOCK, Action.JUMP, byMillis, "*");
            case "strobe" ->
                new ShimRule(Call.CLOCK, Action.JUMP, byMillis, 1, Duration.ofMillis(periodMillis), 0, "*");
            default -> ShimRule.always(Call.CLOCK, Action.RATE, percent, Long.toString(System.currentTimeMillis()));
        };
    }

    @Override
    public String verify() {
        List<String> proofs = new ArrayList<>();
        for (int id : slots.keySet()) {
            Duration[] off = {Duration.ZERO};
            Site.await(
                    PROOF_TIMEOUT,
                    "broker " + id + " to report a wrong time",
                    () -> {
                        off[0] = reportedAhead(id);
                        return isWanted(off[0]) && looks(id) > 0;
                    },
                    () -> "it is ahead by " + off[0] + " after " + looks(id) + " looks at the clock");
            proofs.add("broker " + id + " says that it is ahead by " + off[0].toSeconds() + " s, " + looks(id)
                    + " looks at the clock");
        }
        return String.join("; ", proofs);
    }

    private long looks(int id) {
        Integer slot = slots.get(id);
        return slot == null ? 0 : shim.control(id).hits(slot);
    }

    private boolean isWanted(Duration ahead) {
        if (mode.equals("rate")) {
            return percent == 100 || ahead.abs().compareTo(INACCURACY) > 0;
        }
        Duration wanted = Duration.ofMillis(byMillis);
        return ahead.minus(wanted).abs().compareTo(INACCURACY) <= 0;
    }

    /** By the date with which the broker's HTTP listener heads its answers; nothing while it does not answer. */
    private Duration reportedAhead(int id) {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + site.cluster().httpAddress(id) + "/"))
                .timeout(Duration.ofSeconds(2))
                .build();
        try {
            HttpResponse<Void> answer = http.send(request, HttpResponse.BodyHandlers.discarding());
            return answer.headers()
                    .firstValue("date")
                    .map(date -> ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                            .toInstant())
                    .map(then -> Duration.between(Instant.now(), then))
                    .orElseThrow(() -> new FaultException("broker " + id + " does not say what time it is"));
        } catch (IOException silent) {
            return Duration.ZERO;
        } catch (InterruptedException interruption) {
            Thread.currentThread().interrupt();
            throw new FaultException("interrupted while asking broker " + id + " for the time", interruption);
        }
    }

    @Override
    public void disarm() {
        slots.forEach((id, slot) -> shim.control(id).remove(slot));
        journaled.forEach(site.journal()::done);
        journaled.clear();
        site.launch(slots.keySet());
    }

    @Override
    public void settle() {
        site.awaitReady(slots.keySet());
    }
}
