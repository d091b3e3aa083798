package io.flotilla.chaos.plant.inside;

import io.flotilla.chaos.plant.FailpointOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Does at each failpoint what the file of orders of this process says. The file is looked at a few times a second, so that a
 * place that is passed often costs little.
 *
 * <p>Threading: safe.
 */
public class FailpointSwitch extends Counting {
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final AtomicLong LOOKED_AT = new AtomicLong(System.nanoTime() - LOOK_NANOS);
    private static volatile @Nullable Armed armed;

    /** An order with what it has done. */
    private static final class Armed {
        final FailpointOrder order;
        final AtomicLong passes = new AtomicLong();

        Armed(FailpointOrder order) {
            this.order = order;
        }
    }

    /** Called at a failpoint; may wait or end the process. Whether the place fails with an exception. */
    public boolean fails(String point) {
        Armed now = look();
        if (now == null || !now.order.point().id().equals(point) || !now.order.isDue(now.passes.incrementAndGet())) {
            return false;
        }
        hit(point);
        return switch (now.order.action()) {
            case EXCEPTION -> true;
            case SLEEP -> {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(now.order.sleepMillis()));
                yield false;
            }
            case HALT -> {
                Runtime.getRuntime().halt(FailpointOrder.EXIT_CODE_OF_HALT);
                yield false;
            }
        };
    }

    private static @Nullable Armed look() {
        long lookedAt = LOOKED_AT.get();
        long now = System.nanoTime();
        if (Math.abs(now - lookedAt) >= LOOK_NANOS && LOOKED_AT.compareAndSet(lookedAt, now)) {
            Optional<FailpointOrder> found = Undisturbed.get(FailpointSwitch::read);
            Armed before = armed;
            if (found.isEmpty()) {
                armed = null;
            } else if (before == null || !before.order.equals(found.get())) {
                armed = new Armed(found.get());
            }
        }
        return armed;
    }

    private static Optional<FailpointOrder> read() throws IOException {
        Path folder = Path.of(System.getProperty(HitCounter.FOLDER, ""));
        Path file = FailpointOrder.file(folder, ProcessHandle.current().pid());
        try {
            return Optional.of(FailpointOrder.parse(Files.readString(file)));
        } catch (NoSuchFileException none) {
            return Optional.empty();
        }
    }
}
