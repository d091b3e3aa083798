package io.flotilla.broker.group;

import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.group.Groups;
import io.flotilla.raftlog.raft.Leadership;
import java.util.concurrent.CompletableFuture;

/** The replicated metadata as the coordinator of consumer groups needs it. */
public interface GroupStore {
    /** The newest image applied here. */
    MetadataImage image();

    /** The consumer groups as of the newest entry applied here. */
    Groups groups();

    /** This broker's part in the metadata's group. */
    Leadership leadership();

    /** Replicates a command, if this broker leads; fails with NOT_LEADER or another retriable error otherwise. */
    CompletableFuture<Outcome> propose(MetadataCommand command);

    /** Completes once all that was committed before the call is applied here, if this broker leads. */
    CompletableFuture<Void> readBarrier();
}
