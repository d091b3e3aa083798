package io.flotilla.chaos.check;

/** What a history is checked for. The numbers are those of the specification; 13 and 14 await transactions and compaction. */
public enum CheckId {
    C1("lost write", "an acknowledged value is not at its offset in the final log"),
    C2("foreign or corrupt", "a record read has a wrong checksum, or a value that nobody sent"),
    C3("aborted read", "a value was read whose send has definitely failed"),
    C4("duplicate", "a value of an idempotent producer is at two offsets"),
    C5("inconsistent offset", "one offset holds two values, of acknowledgements, polls and final reads"),
    C6("gap", "the offsets of a final log do not follow one another from its start to its end"),
    C7("real-time append order", "a send that began after another's acknowledgement has no higher offset"),
    C8("producer order", "offsets of one producer's acknowledged values are not in the order of sending"),
    C9("poll skip or step back", "a consumer's next record does not follow its last one"),
    C10("stale read", "a read of bounds, commits or metrics misses what was acknowledged before it began"),
    C11("rollback", "a value that was polled is not at its offset in the final log"),
    C12("groups", "zombie commits, commits that go back, holes, two owners, more redelivered than allowed"),
    C15("retention", "records removed too early, a log start that goes back, records read below it"),
    C16("replica equality", "replicas of a partition differ at the end"),
    C17("metadata register", "the calls about a topic have no order that explains their answers"),
    C18("liveness", "a partition does nothing though no fault is active, or a client is stuck"),
    C19("time", "append times go back, or records are removed because a clock jumped"),
    C20("leak", "what a broker uses grows from episode to episode"),
    C21("process", "a broker ended though nothing explains it, or complained of what must never be"),
    C22("vacuity", "the run proves nothing: too little done, or a fault without effect"),
    C23("single leader", "two leaders in a term, or two votes of one broker in a term");

    private final String title;
    private final String violation;

    CheckId(String title, String violation) {
        this.title = title;
        this.violation = violation;
    }

    /** In two or three words. */
    public String title() {
        return title;
    }

    /** What counts as a violation. */
    public String violation() {
        return violation;
    }
}
