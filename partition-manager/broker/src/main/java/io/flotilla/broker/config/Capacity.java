package io.flotilla.broker.config;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/**
 * How many replicas a broker has room for, from what each of them can come to take.
 *
 * @param replicasMax      1 or more
 * @param raftSegmentBytes size of a file of a Raft log, whose entries are on the heap while it is open
 */
public record Capacity(int replicasMax, int raftSegmentBytes) {
    private static final int MIB = 1 << 20;

    /** Part of the heap that open files of Raft logs may fill. */
    private static final int HEAP_DIVISOR = 2;

    private static final int RAFT_SEGMENT_BYTES_MIN = 2 * MIB;
    private static final int RAFT_SEGMENT_BYTES_MAX = 8 * MIB;

    /** Direct memory that connections take, and what each Raft log's write buffer takes: the largest entry. */
    private static final long CONNECTION_BYTES = 128 * MIB;

    private static final long WRITE_BUFFER_BYTES = MIB + 72 * (1 << 10);

    /** Files open without any replica, and those of each: log, segments, locks. */
    private static final long FILES_BASE = 512;

    private static final long FILES_PER_REPLICA = 8;

    /**
     * What a process may use.
     *
     * @param heapBytes   largest heap
     * @param directBytes most memory outside it for buffers
     * @param files       most files open at one time
     */
    public record Machine(long heapBytes, long directBytes, long files) {
        /** This process's. */
        public static Machine current() {
            long heap = Runtime.getRuntime().maxMemory();
            long direct = Long.parseLong(ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
                    .getVMOption("MaxDirectMemorySize")
                    .getValue());
            long files = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                    ? unix.getMaxFileDescriptorCount()
                    : Long.MAX_VALUE;
            return new Machine(heap, direct == 0 ? heap : direct, files); // 0: as much as the heap
        }
    }

    /**
     * @param configured replicas the operator allows; 0 leaves it to the machine
     */
    static Capacity of(Machine machine, int configured) {
        if (configured == 0) {
            // Few replicas are the rule, and small files cost a busy one a third of its throughput.
            return new Capacity(replicasOn(machine), RAFT_SEGMENT_BYTES_MAX);
        }
        int replicas = configured;
        long share = machine.heapBytes() / HEAP_DIVISOR / replicas;
        return new Capacity(replicas, (int) Math.max(RAFT_SEGMENT_BYTES_MIN, Math.min(RAFT_SEGMENT_BYTES_MAX, share)));
    }

    private static int replicasOn(Machine machine) {
        long byHeap = machine.heapBytes() / HEAP_DIVISOR / RAFT_SEGMENT_BYTES_MIN;
        long byDirectMemory = (machine.directBytes() - CONNECTION_BYTES) / WRITE_BUFFER_BYTES;
        long byFiles = (machine.files() - FILES_BASE) / FILES_PER_REPLICA;
        return (int) Math.max(1, Math.min(Integer.MAX_VALUE, Math.min(byHeap, Math.min(byDirectMemory, byFiles))));
    }
}
