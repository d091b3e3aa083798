package io.flotilla.client.intercept;

import io.flotilla.client.CommittedOffset;
import io.flotilla.client.ConsumerInterceptor;
import io.flotilla.client.ConsumerRecord;
import io.flotilla.client.InterceptorException;
import io.flotilla.client.TopicPartition;
import java.util.List;
import java.util.Map;

/**
 * Lets a consumer's interceptors see what it returns and what its group commits.
 *
 * <p>Threading: safe, as far as the interceptors are.
 */
public final class ReadInterceptors {
    private final List<ConsumerInterceptor> all;
    private final Observers<ConsumerInterceptor> observers;

    public ReadInterceptors(List<ConsumerInterceptor> all) {
        this.all = all;
        this.observers = new Observers<>(all, System::nanoTime);
    }

    /**
     * @throws InterceptorException if an interceptor fails; the caller moves back
     */
    public List<ConsumerRecord> onRecords(List<ConsumerRecord> records) {
        List<ConsumerRecord> changed = records;
        for (ConsumerInterceptor interceptor : all) {
            if (changed.isEmpty()) {
                break;
            }
            try {
                changed = interceptor.onRecords(changed);
            } catch (RuntimeException failure) { // whatever it is, nothing may be lost by it
                throw new InterceptorException(interceptor, failure);
            }
        }
        return changed;
    }

    public void onCommitted(Map<TopicPartition, CommittedOffset> offsets) {
        observers.tell(interceptor -> interceptor.onCommitted(offsets));
    }
}
