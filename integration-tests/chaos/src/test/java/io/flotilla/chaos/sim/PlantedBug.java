package io.flotilla.chaos.sim;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.Refused;
import io.flotilla.protocol.record.BatchBuilder;
import io.flotilla.protocol.record.Compression;
import io.flotilla.protocol.record.LogRecord;
import io.flotilla.protocol.record.RecordBatch;
import io.flotilla.raftlog.partition.AppendResult;
import io.flotilla.raftlog.partition.Partition;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ReplicatedState;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Parts of a simulation that do wrong on purpose. */
final class PlantedBug {
    private static final int EARLY_MILLIS = 40;
    private static final int ANSWERS_PER_LOST_ONE = 10;
    private static final int ENTRIES_PER_FORGOTTEN_ONE = 20;
    private static final int FORGETFUL_NODE = 2;
    private static final int BATCH_BYTES_MAX = 64 * 1024;

    private PlantedBug() {}

    /** A leader that has waited for a while acknowledges what is not committed. */
    static SimHooks acknowledgesEarly() {
        return ofAppends((real, batch) -> {
            int last = RecordBatch.at(batch, batch.position()).lastOffsetDelta();
            CompletableFuture<AppendResult> result = real.append(batch);
            long end = real.highWatermark();
            int term = (int) real.leadership().term();
            return result.isDone()
                    ? result
                    : result.completeOnTimeout(
                            new AppendResult(end, end + last, term, false, 0), EARLY_MILLIS, TimeUnit.MILLISECONDS);
        });
    }

    /** No bug: some answers are lost on the way back. */
    static SimHooks losesAnswers() {
        AtomicInteger answers = new AtomicInteger();
        return ofAppends((real, batch) -> losing(answers, real.append(batch)));
    }

    /** As above, and the partition does not know what is sent again. */
    static SimHooks forgetsProducers() {
        AtomicInteger answers = new AtomicInteger();
        return ofAppends((real, batch) -> losing(answers, real.append(withoutProducer(batch))));
    }

    private static CompletableFuture<AppendResult> losing(
            AtomicInteger answers, CompletableFuture<AppendResult> answer) {
        return answers.incrementAndGet() % ANSWERS_PER_LOST_ONE == 0
                ? answer.thenCompose(
                        lost -> CompletableFuture.failedFuture(new Refused(ErrorCode.TIMEOUT, "the answer is lost")))
                : answer;
    }

    private static ByteBuffer withoutProducer(ByteBuffer batch) {
        BatchBuilder copy = new BatchBuilder(Compression.NONE, BATCH_BYTES_MAX);
        for (LogRecord found : RecordBatch.at(batch, batch.position()).records()) {
            boolean unused = copy.tryAppend(found.timestampMillis(), found.key(), found.value(), found.headers());
        }
        return copy.build(-1, (short) -1, -1);
    }

    /** One node's state now and then does nothing with an entry that others apply. */
    static SimHooks forgetsEntries() {
        AtomicInteger entries = new AtomicInteger();
        return new SimHooks() {
            @Override
            public ReplicatedState state(int node, ReplicatedState real) {
                return node != FORGETFUL_NODE
                        ? real
                        : instead(ReplicatedState.class, real, "apply", arguments -> {
                            if (entries.incrementAndGet() % ENTRIES_PER_FORGOTTEN_ONE != 0) {
                                return null;
                            }
                            real.applied((LogPosition) arguments[0]);
                            return ByteBuffer.allocate(0);
                        });
            }
        };
    }

    private interface Append {
        CompletableFuture<AppendResult> append(Partition real, ByteBuffer batch);
    }

    private static SimHooks ofAppends(Append append) {
        return new SimHooks() {
            @Override
            public Partition partition(int node, Partition real) {
                return instead(Partition.class, real, "append", arguments ->
                        (Object) append.append(real, (ByteBuffer) arguments[0]));
            }
        };
    }

    private interface Replacement {
        /** Null to do what the real one does. */
        @Nullable
        Object answer(Object[] arguments);
    }

    /** One whose method of a name is another. */
    private static <T> T instead(Class<T> type, T real, String method, Replacement replacement) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, called, arguments) -> {
                    Object answer = called.getName().equals(method) ? replacement.answer(arguments) : null;
                    return answer != null ? answer : invoke(called, real, arguments);
                }));
    }

    private static @Nullable Object invoke(Method called, Object real, Object @Nullable [] arguments) throws Throwable {
        try {
            return called.invoke(real, arguments);
        } catch (InvocationTargetException failure) {
            throw failure.getCause() == null ? failure : failure.getCause();
        }
    }
}
