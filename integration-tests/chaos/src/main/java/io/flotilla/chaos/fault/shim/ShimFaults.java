package io.flotilla.chaos.fault.shim;

import io.flotilla.chaos.fault.Fault;
import io.flotilla.chaos.fault.FaultId;
import io.flotilla.chaos.fault.FaultRegistry;
import io.flotilla.chaos.fault.FaultSpec;
import io.flotilla.chaos.fault.Parameters;
import io.flotilla.chaos.fault.Site;
import io.flotilla.chaos.fault.shim.ShimFault.Effect;
import io.flotilla.chaos.fault.shim.ShimRule.Action;
import io.flotilla.chaos.fault.shim.ShimRule.Call;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Disks that are slow, full, broken or lie, and clocks that are wrong. */
public final class ShimFaults {
    private static final String FILES = "files";
    private static final String CALL = "call";
    private static final long DELAY_MILLIS_MAX = 10_000;
    private static final long ROOM_KIB_MAX = 1 << 20;

    private final Site site;
    private final Shim shim;

    private ShimFaults(Site site, Shim shim) {
        this.site = site;
        this.shim = shim;
    }

    /** Adds them; the brokers run with the shim, which stays the caller's. */
    public static void register(FaultRegistry registry, Site site, Shim shim) {
        var faults = new ShimFaults(site, shim);
        registry.put(FaultId.SLOW_DISK, faults::slowDisk);
        registry.put(FaultId.FULL_DISK, faults::fullDisk);
        registry.put(FaultId.IO_ERROR, faults::ioError);
        registry.put(FaultId.LYING_DISK, faults::lyingDisk);
        registry.put(FaultId.TORN_WRITE, faults::tornWrite);
        registry.put(FaultId.CLOCK, (spec, seed) -> new ClockFault(site, shim, spec, seed));
    }

    /** N12: {@code delay.ms} 1 to 10,000, 300 by default; {@code call} sync, write or read; {@code files}, any by default. */
    private Fault slowDisk(FaultSpec spec, long seed) {
        Parameters parameters = Parameters.of(spec);
        Duration delay = Duration.ofMillis(parameters.number("delay.ms", 300, 1, DELAY_MILLIS_MAX));
        Call call = call(parameters, "sync", "write", "read");
        FileClass files = files(parameters, FileClass.ANY);
        parameters.requireAllKnown();
        return fault(
                spec,
                seed,
                Effect.GOES_ON,
                data -> List.of(new ShimRule(call, Action.WAIT, 0, 1, delay, 0, files.pattern(data))));
    }

    /**
     * N13: writes find no space, and the file system says that {@code room.kib}, 0 by default, are left. What has enough
     * when it is over goes on by itself; a broker that has ended is started.
     */
    private Fault fullDisk(FaultSpec spec, long seed) {
        Parameters parameters = Parameters.of(spec);
        long room = parameters.number("room.kib", 0, 0, ROOM_KIB_MAX);
        parameters.requireAllKnown();
        return fault(spec, seed, Effect.MAY_END, data -> {
            String all = FileClass.ANY.pattern(data);
            return List.of(
                    ShimRule.always(Call.WRITE, Action.FAIL, ShimRule.ENOSPC, all),
                    ShimRule.always(Call.CREATE, Action.FAIL, ShimRule.ENOSPC, all),
                    ShimRule.always(Call.GROW, Action.FAIL, ShimRule.ENOSPC, all),
                    ShimRule.always(Call.SPACE, Action.ROOM, room, all.substring(0, all.length() - 2) + "*"));
        });
    }

    /**
     * N14: {@code call} sync, write, read, open, rename or resize; {@code mode} forever, once, or some with {@code
     * probability} 0.1 by default; {@code files}, raft-log by default.
     */
    private Fault ioError(FaultSpec spec, long seed) {
        Parameters parameters = Parameters.of(spec);
        Call call = call(parameters, "sync", "write", "read", "open", "rename", "resize");
        String mode = parameters.choice("mode", "forever", "once", "some");
        double some = parameters.decimal("probability", 0.1, 1e-6, 1);
        FileClass files = files(parameters, FileClass.RAFT_LOG);
        parameters.requireAllKnown();
        double probability = mode.equals("some") ? some : 1;
        long hitsMax = mode.equals("once") ? 1 : 0;
        return fault(
                spec,
                seed,
                Effect.FAILS,
                data -> List.of(new ShimRule(
                        call, Action.FAIL, ShimRule.EIO, probability, Duration.ZERO, hitsMax, files.pattern(data))));
    }

    /** N15: syncs succeed and do nothing, of {@code files}, any by default. It shows only together with a power loss. */
    private Fault lyingDisk(FaultSpec spec, long seed) {
        Parameters parameters = Parameters.of(spec);
        FileClass files = files(parameters, FileClass.ANY);
        parameters.requireAllKnown();
        return fault(
                spec,
                seed,
                Effect.GOES_ON,
                data -> List.of(ShimRule.always(Call.SYNC, Action.LIE, 0, files.pattern(data))));
    }

    /** N16: half of a write, cut to {@code unit} 1, 512 or 4096 bytes, then SIGKILL; of {@code files}, raft-log by default. */
    private Fault tornWrite(FaultSpec spec, long seed) {
        Parameters parameters = Parameters.of(spec);
        FileClass files = files(parameters, FileClass.RAFT_LOG);
        long unit = Long.parseLong(parameters.choice("unit", "1", "512", "4096"));
        parameters.requireAllKnown();
        return fault(
                spec,
                seed,
                Effect.DIES,
                data -> List.of(new ShimRule(Call.WRITE, Action.TEAR, unit, 1, Duration.ZERO, 1, files.pattern(data))));
    }

    private Fault fault(FaultSpec spec, long seed, Effect effect, Function<Path, List<ShimRule>> rules) {
        return new ShimFault(site, shim, spec, seed, effect, rules);
    }

    private static Call call(Parameters parameters, String... words) {
        return Call.valueOf(parameters.choice(CALL, words).toUpperCase(Locale.ROOT));
    }

    private static FileClass files(Parameters parameters, FileClass missing) {
        String word = parameters.text(FILES, "");
        return word.isEmpty() ? missing : FileClass.named(parameters.choice(FILES, FileClass.words()));
    }
}
