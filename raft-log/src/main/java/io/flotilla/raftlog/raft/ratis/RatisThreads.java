package io.flotilla.raftlog.raft.ratis;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads of a host's Ratis server; those of each member are a group of their own in here. Ratis has no word for one
 * that ends by an error that it does not expect: the member would go on without it, as a leader that never steps down or a
 * follower that never stands for election.
 *
 * <p>Threading: safe for all threads.
 */
final class RatisThreads extends ThreadGroup {
    private static final Logger LOG = LoggerFactory.getLogger(RatisThreads.class);

    /** Who learns of the end of a thread. */
    interface Owner {
        /** @param thread that ends by the failure now */
        void threadEnded(Thread thread, Throwable failure);
    }

    private final Map<ThreadGroup, WeakReference<Owner>> owners = new WeakHashMap<>();

    RatisThreads(String name) {
        super(name);
    }

    /** From now on the owner, which is not kept from being collected, learns of threads of that group. */
    void watch(ThreadGroup member, Owner owner) {
        synchronized (owners) {
            owners.put(member, new WeakReference<>(owner));
        }
    }

    @Override
    public void uncaughtException(Thread thread, Throwable failure) {
        Owner owner = ownerOf(thread.getThreadGroup());
        if (owner == null) {
            LOG.error("thread {} of Ratis ended by an error of its own", thread.getName(), failure);
        } else {
            owner.threadEnded(thread, failure);
        }
    }

    private @Nullable Owner ownerOf(@Nullable ThreadGroup member) {
        synchronized (owners) {
            WeakReference<Owner> owner = owners.get(member);
            return owner == null ? null : owner.get();
        }
    }
}
