package io.flotilla.chaos.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Compares the judge with the definitions of C1, C2, C4, C5, C6 and C11 spelled out over collections. */
final class NaiveJudgeTest {
    private static final Set<CheckId> COMPARED =
            EnumSet.of(CheckId.C1, CheckId.C2, CheckId.C4, CheckId.C5, CheckId.C6, CheckId.C11);

    private record Claim(long offset, long producer, long sequence) {
        List<Long> value() {
            return List.of(producer, sequence);
        }
    }

    @Test
    void shouldAgreeOnRandomHistories() {
        for (long seed = 0; seed < 300; seed++) {
            var random = new SplittableRandom(seed);
            var script = new Script();
            List<Claim> acked = new ArrayList<>();
            List<Claim> polled = new ArrayList<>();
            List<Claim> stored = new ArrayList<>();
            Set<List<Long>> sent = new HashSet<>();
            long[] sequences = new long[3];
            int records = 1 + random.nextInt(12);
            long start = random.nextInt(3);
            for (int offset = 0; offset < records; offset++) {
                int producer = random.nextInt(3);
                var claim = new Claim(offset, producer, sequences[producer]++);
                long told = random.nextInt(30) == 0 ? random.nextInt(records + 2) : offset;
                if (random.nextInt(30) > 0) {
                    script.ok(offset + 1, offset + 1.5, producer, claim.sequence, told);
                    acked.add(new Claim(told, producer, claim.sequence));
                    sent.add(claim.value());
                }
                if (random.nextBoolean()) {
                    Claim seen = spoilt(claim, random);
                    polled.add(seen);
                    script.position(offset + 1.6, 100, seen.offset);
                    script.poll(offset + 1.7, 100, seen.offset, seen.producer, seen.sequence);
                }
                if (offset >= start && random.nextInt(30) > 0) {
                    stored.add(new Claim(offset, producer, spoilt(claim, random).sequence));
                }
            }
            long[] log = new long[3 * stored.size()];
            for (int i = 0; i < stored.size(); i++) {
                log[3 * i] = stored.get(i).offset;
                log[3 * i + 1] = stored.get(i).producer;
                log[3 * i + 2] = stored.get(i).sequence;
            }
            script.finalLog(0, start, Math.max(start, records), log);

            Set<CheckId> found = EnumSet.noneOf(CheckId.class);
            found.addAll(script.judge().violated());
            found.retainAll(COMPARED);

            assertThat(found)
                    .as("seed " + seed)
                    .isEqualTo(naive(acked, polled, stored, sent, start, Math.max(start, records)));
        }
    }

    private static Claim spoilt(Claim claim, SplittableRandom random) {
        return random.nextInt(25) == 0
                ? new Claim(claim.offset, claim.producer, Math.abs(claim.sequence + random.nextInt(-2, 2)))
                : claim;
    }

    private static Set<CheckId> naive(
            List<Claim> acked, List<Claim> polled, List<Claim> stored, Set<List<Long>> sent, long start, long end) {
        Set<CheckId> found = EnumSet.noneOf(CheckId.class);
        Map<Long, List<Long>> log = new HashMap<>();
        stored.forEach(claim -> log.put(claim.offset, claim.value()));
        Map<Long, Set<List<Long>>> said = new HashMap<>();
        for (List<Claim> claims : List.of(acked, polled, stored)) {
            claims.forEach(claim -> said.computeIfAbsent(claim.offset, ignored -> new HashSet<>())
                    .add(claim.value()));
        }
        if (acked.stream()
                .anyMatch(claim -> claim.offset >= start && !claim.value().equals(log.get(claim.offset)))) {
            found.add(CheckId.C1);
        }
        if (polled.stream().anyMatch(claim -> !sent.contains(claim.value()))
                || stored.stream().anyMatch(claim -> !sent.contains(claim.value()))) {
            found.add(CheckId.C2);
        }
        Map<List<Long>, Set<Long>> offsets = new HashMap<>();
        stored.stream().filter(claim -> sent.contains(claim.value())).forEach(claim -> offsets.computeIfAbsent(
                        claim.value(), ignored -> new HashSet<>())
                .add(claim.offset));
        polled.stream()
                .filter(claim -> claim.offset < start && sent.contains(claim.value()))
                .forEach(claim -> offsets.computeIfAbsent(claim.value(), ignored -> new HashSet<>())
                        .add(claim.offset));
        if (offsets.values().stream().anyMatch(set -> set.size() > 1)) {
            found.add(CheckId.C4);
        }
        if (said.values().stream().anyMatch(set -> set.size() > 1)) {
            found.add(CheckId.C5);
        }
        if (stored.size() < end - start) {
            found.add(CheckId.C6);
        }
        if (polled.stream()
                .anyMatch(claim -> claim.offset >= start && !claim.value().equals(log.get(claim.offset)))) {
            found.add(CheckId.C11);
        }
        return found;
    }
}
