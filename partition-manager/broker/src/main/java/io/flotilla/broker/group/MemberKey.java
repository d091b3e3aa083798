package io.flotilla.broker.group;

/** A member of a group. */
public record MemberKey(String group, String memberId) {
    /** {@code orders/3f2a}. */
    @Override
    public String toString() {
        return group + "/" + memberId;
    }
}
