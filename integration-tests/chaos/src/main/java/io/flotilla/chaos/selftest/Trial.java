package io.flotilla.chaos.selftest;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.flotilla.chaos.check.CheckId;
import io.flotilla.chaos.plant.Plant;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;

/**
 * One run and what the judge made of it; a line of the ledger.
 *
 * @param scenario  of this plant
 * @param planted   whether the brokers had the bug
 * @param violated  checks that found something
 * @param unplanted rules that should have been met and were not, of a run with a plant
 * @param problem   why the run came to no judgement, empty if it did
 * @param seconds   that it took
 */
record Trial(
        Plant scenario,
        boolean planted,
        long seed,
        Set<CheckId> violated,
        Set<String> unplanted,
        String problem,
        long seconds) {
    Trial {
        violated = Collections.unmodifiableSet(new TreeSet<>(violated));
        unplanted = Collections.unmodifiableSet(new TreeSet<>(unplanted));
    }

    /** What came of it. */
    enum Result {
        /** The bug was there, and a check that must find it did. */
        CAUGHT,
        /** The bug was there, and was not found by those checks. */
        MISSED,
        /** No rule of the plant was met: the run proves nothing, and the plant or its scenario has to be mended. */
        UNPLANTED,
        /** No bug, no alarm. */
        QUIET,
        /** No bug, and an alarm. */
        ALARM,
        /** The run did not come to its end. */
        BROKEN
    }

    Result result() {
        if (!problem.isEmpty()) {
            return Result.BROKEN;
        }
        if (!planted) {
            return violated.isEmpty() ? Result.QUIET : Result.ALARM;
        }
        if (!unplanted.isEmpty()) {
            return Result.UNPLANTED;
        }
        return Collections.disjoint(violated, scenario.caughtBy()) ? Result.MISSED : Result.CAUGHT;
    }

    /** Whether it needs nobody to look at its history. */
    boolean isAsExpected() {
        return result() == Result.CAUGHT || result() == Result.QUIET;
    }

    /** Of the run's folder; no two trials have the same. */
    String name() {
        return name(scenario, planted, seed);
    }

    static String name(Plant scenario, boolean planted, long seed) {
        return (planted ? "" : "clean-") + scenario + "-" + seed;
    }

    String toJson() {
        JsonObject line = new JsonObject();
        line.addProperty("scenario", scenario.name());
        line.addProperty("planted", planted);
        line.addProperty("seed", seed);
        line.addProperty("result", result().name());
        line.add("violated", array(violated));
        line.add("unplanted", array(unplanted));
        line.addProperty("problem", problem);
        line.addProperty("seconds", seconds);
        return line.toString();
    }

    private static JsonArray array(Set<?> values) {
        JsonArray array = new JsonArray();
        values.forEach(value -> array.add(value.toString()));
        return array;
    }

    /** @throws RuntimeException if it is no line of a ledger */
    static Trial parse(String json) {
        JsonObject line = JsonParser.parseString(json).getAsJsonObject();
        Set<CheckId> violated = new TreeSet<>();
        for (JsonElement id : line.getAsJsonArray("violated")) {
            violated.add(CheckId.valueOf(id.getAsString()));
        }
        Set<String> unplanted = new TreeSet<>();
        line.getAsJsonArray("unplanted").forEach(rule -> unplanted.add(rule.getAsString()));
        return new Trial(
                Plant.valueOf(line.get("scenario").getAsString()),
                line.get("planted").getAsBoolean(),
                line.get("seed").getAsLong(),
                violated,
                unplanted,
                line.get("problem").getAsString(),
                line.get("seconds").getAsLong());
    }
}
