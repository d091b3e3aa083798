package io.flotilla.client.intercept;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ObserversTest {
    @Test
    void shouldTellTheOthersWhenOneFails() {
        List<String> heard = new ArrayList<>();
        Observers<List<String>> observers =
                new Observers<>(List.of(List.of(/* takes nothing */ ), heard), System::nanoTime);

        observers.tell(observer -> observer.add("news"));

        assertThat(heard).containsExactly("news");
    }

    @Test
    void shouldWarnOfFailuresTogetherThatComeInQuickSuccession() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        Observers<Object> observers = new Observers<>(List.of(), nanos::get);

        assertThat(observers.toWarnOf()).isEqualTo(1);
        assertThat(observers.toWarnOf()).isZero();
        nanos.addAndGet(Observers.WARNING_INTERVAL_NANOS - 1);
        assertThat(observers.toWarnOf()).isZero();
        nanos.addAndGet(1);
        assertThat(observers.toWarnOf()).isEqualTo(3);
        assertThat(observers.toWarnOf()).isZero();
    }
}
