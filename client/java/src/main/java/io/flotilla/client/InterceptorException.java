package io.flotilla.client;

/** A {@link ConsumerInterceptor} failed. The cause is what it threw; the consumer stands where it was before the poll. */
public final class InterceptorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public InterceptorException(ConsumerInterceptor interceptor, RuntimeException cause) {
        super(
                "interceptor " + interceptor.getClass().getName() + " failed; the next poll returns the same records: "
                        + cause.getMessage(),
                cause);
    }
}
