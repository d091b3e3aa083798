package io.flotilla.client.producer;

/** What happens to batches, for whoever keeps account of them. Threading: called by the sender thread. */
interface BatchEvents {
    /** A batch goes out, the first time or once more. */
    void sending(PendingBatch batch, int bytes);

    /** Right before the futures of the batch complete; it is not heard of again. */
    void acknowledged(PendingBatch batch);

    /** Right before the futures of the batch fail; it is not heard of again. */
    void failed(PendingBatch batch);
}
