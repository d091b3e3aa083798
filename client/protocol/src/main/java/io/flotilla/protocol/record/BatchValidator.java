package io.flotilla.protocol.record;

import java.nio.ByteBuffer;

/** Decides once, at the edge, whether the batch of a client may enter the log. */
@SuppressWarnings("DoNotCallSuggester")
public final class BatchValidator {
    private BatchValidator() {}

    public static RecordBatch validate(ByteBuffer batch, int maxBytes) {
        throw new UnsupportedOperationException();
    }
}
