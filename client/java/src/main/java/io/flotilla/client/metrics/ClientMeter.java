package io.flotilla.client.metrics;

/** Every meter that {@link MicrometerMetrics} registers. Those of consumers carry the tag {@value #GROUP_TAG}. */
public enum ClientMeter {
    RECORDS_SENT("flotilla.client.producer.records.sent", Kind.COUNTER, "records", "sent; retries are not counted"),
    BYTES_SENT(
            "flotilla.client.producer.bytes.sent",
            Kind.COUNTER,
            "bytes",
            "of batches sent, compressed; retries are not counted"),
    RECORDS_ACKNOWLEDGED("flotilla.client.producer.records.acknowledged", Kind.COUNTER, "records", "stored"),
    RECORDS_FAILED(
            "flotilla.client.producer.records.failed",
            Kind.COUNTER,
            "records",
            "whose send failed, for whatever reason"),
    BATCHES_RETRIED("flotilla.client.producer.batches.retried", Kind.COUNTER, "batches", "sent once more"),
    BATCH_SIZE("flotilla.client.producer.batch.size", Kind.SUMMARY, "bytes", "of each batch sent, compressed"),
    REQUEST_LATENCY(
            "flotilla.client.producer.request.latency",
            Kind.TIMER,
            "seconds",
            "from sending a batch the last time to its acknowledgement"),
    BUFFER_USED(
            "flotilla.client.producer.buffer.used",
            Kind.GAUGE,
            "bytes",
            "of records that wait for their acknowledgement, of all producers"),
    BUFFER_MAX("flotilla.client.producer.buffer.max", Kind.GAUGE, "bytes", "that may wait so, of all producers"),
    BATCHES_IN_FLIGHT(
            "flotilla.client.producer.batches.inflight",
            Kind.GAUGE,
            "batches",
            "sent and not yet acknowledged or failed"),
    BYTES_RECEIVED(
            "flotilla.client.consumer.bytes.received", Kind.COUNTER, "bytes", "of batches from brokers, compressed"),
    RECORDS_RETURNED("flotilla.client.consumer.records.returned", Kind.COUNTER, "records", "read by polls"),
    LAG(
            "flotilla.client.consumer.lag",
            Kind.GAUGE,
            "records",
            "committed in the log and not yet returned, over all partitions"),
    LAG_MAX("flotilla.client.consumer.lag.max", Kind.GAUGE, "records", "the most of them in one partition"),
    POLL_INTERVAL(
            "flotilla.client.consumer.poll.interval",
            Kind.TIMER,
            "seconds",
            "from one poll's return to the next poll: the application's work"),
    REBALANCES(
            "flotilla.client.consumer.rebalances",
            Kind.COUNTER,
            "changes",
            "of what the group's coordinator gives the consumer to read"),
    COMMIT_LATENCY("flotilla.client.consumer.commit.latency", Kind.TIMER, "seconds", "of commits that succeeded"),
    COMMITS_FAILED("flotilla.client.consumer.commits.failed", Kind.COUNTER, "commits", "that failed"),
    VALUES_LEFT_OUT(
            "flotilla.client.consumer.values.leftout",
            Kind.COUNTER,
            "values",
            "sent in parts and left out, since some never came");

    /** Names the consumer's group; empty for a consumer without one. */
    public static final String GROUP_TAG = "group";

    private final String meterName;
    private final Kind kind;
    private final String unit;
    private final String meaning;

    /** What Micrometer does with it. */
    public enum Kind {
        COUNTER,
        GAUGE,
        SUMMARY,
        TIMER
    }

    ClientMeter(String meterName, Kind kind, String unit, String meaning) {
        this.meterName = meterName;
        this.kind = kind;
        this.unit = unit;
        this.meaning = meaning;
    }

    /** As registered; registries turn it into their own form, such as {@code flotilla_client_consumer_lag}. */
    public String meterName() {
        return meterName;
    }

    public Kind kind() {
        return kind;
    }

    public String unit() {
        return unit;
    }

    public String meaning() {
        return meaning;
    }
}
