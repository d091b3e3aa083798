package io.flotilla.broker.produce;

import io.flotilla.broker.replica.PartitionName;
import io.flotilla.broker.replica.ReplicaLookup;
import io.flotilla.protocol.error.LogException;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.BatchValidator;
import io.flotilla.raftlog.partition.AppendResult;
import io.flotilla.raftlog.partition.Partition;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Appends to partitions this broker leads. A batch is checked here, once, and is opaque from then on.
 *
 * <p>Threading: every method may be called by any thread; the check costs its caller time in proportion to the batch.
 */
public final class ProduceService {
    private final ReplicaLookup replicas;
    private final Supplier<Optional<Refused>> refusal;

    /**
     * @param refusal why this broker takes no appends at the moment, if so
     */
    public ProduceService(ReplicaLookup replicas, Supplier<Optional<Refused>> refusal) {
        this.replicas = replicas;
        this.refusal = refusal;
    }

    /**
     * The replica to append to, and so its limits.
     *
     * @throws LogException as {@link ReplicaLookup#leading}
     */
    public Partition leading(PartitionName name) {
        return replicas.leading(name);
    }

    /**
     * Appends one batch of a client. Batches given by one thread for one partition keep their order. Every failure
     * arrives through the future.
     *
     * @param batch must not change until the future completes
     */
    public CompletableFuture<AppendResult> append(PartitionName name, ByteBuffer batch) {
        try {
            Partition partition = replicas.leading(name);
            Optional<Refused> refused = refusal.get();
            if (refused.isPresent()) {
                return CompletableFuture.failedFuture(refused.get());
            }
            BatchValidator.validate(batch, partition.settings().batchBytesMax());
            return partition.append(batch);
        } catch (RuntimeException failure) { // a LogException or a bug: the caller counts on the future either way
            return CompletableFuture.failedFuture(failure);
        }
    }
}
