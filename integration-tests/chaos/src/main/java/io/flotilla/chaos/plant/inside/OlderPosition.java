package io.flotilla.chaos.plant.inside;

import io.flotilla.raftlog.partition.rules.AppendedBatch;
import io.flotilla.raftlog.partition.rules.PartitionRules;
import io.flotilla.raftlog.partition.rules.ProducerHistory;
import io.flotilla.raftlog.raft.LogPosition;
import java.util.ArrayList;
import java.util.List;

/** Forgets the newest entry that a state has applied, though not what it did. */
public class OlderPosition extends Counting {
    /** The position one entry before. */
    public LogPosition before(LogPosition position) {
        if (position.index() < 1) {
            return position;
        }
        hit("P5-position");
        return new LogPosition(position.term(), position.index() - 1);
    }

    /** The same memory without the batch that ends the log. */
    public PartitionRules.Memory before(PartitionRules.Memory memory) {
        List<ProducerHistory> producers = new ArrayList<>();
        for (ProducerHistory producer : memory.producers()) {
            List<AppendedBatch> batches = producer.batches();
            AppendedBatch last = batches.get(batches.size() - 1);
            if (last.lastOffset() + 1 != memory.logEndOffset()) {
                producers.add(producer);
                continue;
            }
            hit("P5-memory");
            if (batches.size() > 1) {
                producers.add(new ProducerHistory(
                        producer.producerId(), producer.epoch(), batches.subList(0, batches.size() - 1)));
            }
        }
        return new PartitionRules.Memory(memory.logStartOffset(), memory.logEndOffset(), memory.epochs(), producers);
    }
}
