package io.flotilla.chaos.fault.shim;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/** Files of a broker that hold the same kind of thing. */
enum FileClass {
    ANY("*"),
    /** Raft's logs, open and closed, the metadata's included. */
    RAFT_LOG("raft/*/log_*"),
    /** Terms, votes and peers. */
    RAFT_META("raft/*/raft-meta*"),
    /** Batches of partitions. */
    SEGMENT("partitions/*.log"),
    /** All of RocksDB. */
    INDEX("index/*"),
    /** The log that RocksDB writes ahead. */
    INDEX_LOG("index/*.log"),
    /** Tables of RocksDB. */
    INDEX_TABLE("index/*.sst"),
    /** Where replay begins. */
    CHECKPOINT("partitions/*/checkpoint*"),
    /** The cluster's metadata. */
    METADATA("metadata/*");

    private final String below;

    FileClass(String below) {
        this.below = below;
    }

    /** As in a fault's parameters, {@code raft-log}. */
    static FileClass named(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT).replace('-', '_'));
    }

    static String[] words() {
        return Arrays.stream(values())
                .map(value -> value.name().toLowerCase(Locale.ROOT).replace('_', '-'))
                .toArray(String[]::new);
    }

    /** Of whole paths below a data folder. */
    String pattern(Path data) {
        return data.toString().replaceAll("([\\\\*?\\[])", "\\\\$1") + "/" + below;
    }
}
