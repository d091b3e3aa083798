package io.flotilla.broker.group;

import io.flotilla.metadata.group.GroupEntry;
import io.flotilla.metadata.group.GroupMember;
import io.flotilla.metadata.group.Groups;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Since when members have been silent, and since when they have been asked to give partitions up. Whoever is seen for the
 * first time has all its time before it, so that a new coordinator removes nobody whom it could not have heard.
 *
 * <p>Pure but for its memory: time comes from outside, in milliseconds of a clock that does not jump. Threading: none, its
 * owner holds a lock.
 */
final class MemberClock {
    private static final double MILLIS_PER_SECOND = 1_000;

    private Map<MemberKey, Times> times = new HashMap<>();

    /** A member that must go. */
    record Overdue(MemberKey member, String reason) {}

    private static final class Times {
        boolean heard;
        long heardMillis;
        long revokingSinceMillis;

        /** The first version without what it is to give up; 0 if there is nothing. */
        int revokingVersion;

        Times(long nowMillis) {
            heardMillis = nowMillis;
        }
    }

    /** Forgets everybody. */
    void reset() {
        times = new HashMap<>();
    }

    /** A sign of life. */
    void heard(MemberKey member, long nowMillis) {
        Times its = times.computeIfAbsent(member, key -> new Times(nowMillis));
        its.heard = true;
        its.heardMillis = nowMillis;
    }

    /** For how long nothing was heard of a member; empty if nothing ever was. */
    OptionalLong silentMillis(MemberKey member, long nowMillis) {
        Times its = times.get(member);
        return its == null || !its.heard ? OptionalLong.empty() : OptionalLong.of(nowMillis - its.heardMillis);
    }

    /** How long a member has left to acknowledge what was taken from it; empty if nothing was. */
    OptionalLong revocationLeftMillis(MemberKey key, GroupMember member, long nowMillis) {
        if (member.revoking().isEmpty()) {
            return OptionalLong.empty();
        }
        Times its = times.computeIfAbsent(key, unseen -> new Times(nowMillis));
        watchRevocation(its, member, nowMillis);
        long left = its.revokingSinceMillis + member.info().revocationTimeoutMillis() - nowMillis;
        return OptionalLong.of(Math.max(0, left));
    }

    /** Those whose time is over. Forgets members that are gone. */
    List<Overdue> overdue(Groups groups, long nowMillis) {
        Map<MemberKey, Times> kept = new HashMap<>();
        List<Overdue> overdue = new ArrayList<>();
        for (GroupEntry entry : groups.all()) {
            for (GroupMember member : entry.group().members().values()) {
                MemberKey key = new MemberKey(entry.name(), member.id());
                @Nullable Times known = times.get(key);
                Times its = known == null ? new Times(nowMillis) : known;
                kept.put(key, its);
                watchRevocation(its, member, nowMillis);
                reason(its, member, nowMillis).ifPresent(why -> overdue.add(new Overdue(key, why)));
            }
        }
        times = kept;
        return overdue;
    }

    private static void watchRevocation(Times its, GroupMember member, long nowMillis) {
        int oldest = member.revoking().values().stream()
                .mapToInt(GroupMember.Revocation::version)
                .min()
                .orElse(0);
        if (oldest != its.revokingVersion) {
            its.revokingVersion = oldest;
            its.revokingSinceMillis = nowMillis;
        }
    }

    private static Optional<String> reason(Times its, GroupMember member, long nowMillis) {
        long silent = nowMillis - its.heardMillis;
        if (silent >= member.info().sessionTimeoutMillis()) {
            return Optional.of(member.id() + (member.away() ? " has been away for " : " has been silent for ")
                    + seconds(silent) + " s");
        }
        long revoking = nowMillis - its.revokingSinceMillis;
        if (its.revokingVersion != 0 && revoking >= member.info().revocationTimeoutMillis()) {
            return Optional.of(member.id() + " has not given up "
                    + member.revoking().size() + " partitions within " + seconds(revoking) + " s");
        }
        return Optional.empty();
    }

    private static double seconds(long millis) {
        return millis / MILLIS_PER_SECOND;
    }
}
