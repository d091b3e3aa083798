package io.flotilla.chaos.check;

import io.flotilla.chaos.history.Event.FinalBounds;
import io.flotilla.chaos.history.Event.FinalRead;
import java.util.HashMap;
import java.util.Map;

/**
 * C16, by digests: replicas that store the same range of offsets store the same bytes. Replicas with other bounds are
 * compared record by record only, in {@link PartitionAudit}.
 */
final class DigestCheck {
    private final Places places;
    private final Violations violations;

    DigestCheck(Places places, Violations violations) {
        this.places = places;
        this.violations = violations;
    }

    void end() {
        for (PlaceState place : places.all()) {
            Map<String, FinalBounds> byRange = new HashMap<>();
            place.shape.copies().forEach((node, copy) -> {
                FinalBounds bounds = copy.bounds;
                if (bounds != null
                        && node != FinalRead.FROM_LEADER
                        && !bounds.digest().isEmpty()) {
                    compare(place, bounds, byRange);
                }
            });
        }
    }

    private void compare(PlaceState place, FinalBounds bounds, Map<String, FinalBounds> byRange) {
        violations.judged(CheckId.C16);
        String range = "[" + bounds.logStart() + ", " + bounds.logEnd() + ")";
        FinalBounds other = byRange.putIfAbsent(range, bounds);
        if (other == null) {
            if (byRange.size() > 1) {
                violations.note(CheckId.C16, "replicas with other bounds");
            }
        } else if (!other.digest().equals(bounds.digest())) {
            violations.add(
                    CheckId.C16,
                    -1,
                    place.place,
                    -1,
                    0,
                    range + " has digest " + other.digest() + " on node " + other.node() + " and " + bounds.digest()
                            + " on node " + bounds.node());
        }
    }
}
