package io.flotilla.broker.produce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ByteBudgetTest {
    private final ByteBudget budget = new ByteBudget(100);
    private final AtomicInteger calls = new AtomicInteger();

    @Test
    void shouldRefuseWhatDoesNotFit() {
        assertThat(budget.tryTake(60)).isTrue();
        assertThat(budget.tryTake(41)).isFalse();
        assertThat(budget.tryTake(40)).isTrue();

        budget.release(60);

        assertThat(budget.bytesTaken()).isEqualTo(40);
    }

    @Test
    void shouldCallBackOnceWhenBytesAreAvailableAgain() {
        budget.take(150);
        Runnable callback = calls::incrementAndGet;

        assertThat(budget.whenAvailable(callback)).isTrue();
        assertThat(budget.whenAvailable(callback)).isTrue();
        budget.release(40);
        assertThat(calls).hasValue(0);
        budget.release(40);
        budget.release(40);

        assertThat(calls).hasValue(1);
        assertThat(budget.whenAvailable(callback)).isFalse();
        assertThat(budget.waits()).isEqualTo(1);
    }

    @Test
    void shouldForgetCallbacksNoLongerWanted() {
        budget.take(100);
        Runnable callback = calls::incrementAndGet;
        budget.whenAvailable(callback);

        budget.forget(callback);
        budget.release(100);

        assertThat(calls).hasValue(0);
    }
}
