package io.flotilla.chaos.fault;

/** The kinds of faults. */
public enum FaultId {
    KILL("N1", "SIGKILL, and a start after a while"),
    TERMINATE("N2", "SIGTERM, and a start after a while"),
    PAUSE("N3", "SIGSTOP, and SIGCONT after a while, once or in strobes"),
    PARTITION("N4", "packets of a group of brokers vanish in both directions"),
    PARTITION_ONE_WAY("N5", "packets vanish in one direction"),
    PARTIAL_PARTITION("N6", "two brokers cannot hear each other, all others can; bridges and rings"),
    RESET("N7", "connections are reset, or stay half open"),
    SLOW_LINK("N8", "packets are late"),
    LOSSY_LINK("N9", "packets are lost, doubled or damaged"),
    NARROW_LINK("N10", "few bits a second pass"),
    SWIZZLE("N11", "links stop one by one and heal in another order"),
    SLOW_DISK("N12", "fsync takes long"),
    FULL_DISK("N13", "no space is left"),
    IO_ERROR("N14", "calls for the disk fail with EIO"),
    LYING_DISK("N15", "fsync does nothing and says that it did"),
    TORN_WRITE("N16", "a write is done by half, then the process dies"),
    POWER_LOSS("N17", "what was not synced is gone, with the process"),
    READ_ONLY_DISK("N18", "the file system turns read-only"),
    BIT_ROT("N19", "stored bytes change"),
    CLOCK("N20", "the wall clock jumps or runs at another speed"),
    MEMBERSHIP("N21", "replicas are moved, added and removed"),
    ROLLING_RESTART("N22", "one broker after the other is restarted"),
    TRANSFER_STORM("N23", "leaderships are handed over again and again"),
    WIPE("N24", "a broker's data is gone"),
    METADATA_LOSS("N25", "the metadata group has no majority"),
    SCARCE_RESOURCES("N26", "processor time, memory, descriptors are scarce"),
    CLIENT_FAULT("N27", "clients die, linger on as zombies, flood, and send nonsense"),
    FAILPOINT("N28", "a named place in the broker's code fails, waits or halts");

    private final String code;
    private final String meaning;

    FaultId(String code, String meaning) {
        this.code = code;
        this.meaning = meaning;
    }

    /** The short name used in plans and reports, {@code N1} to {@code N28}. */
    public String code() {
        return code;
    }

    /** What happens, in a few words. */
    public String meaning() {
        return meaning;
    }
}
