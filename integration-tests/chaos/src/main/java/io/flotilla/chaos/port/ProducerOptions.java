package io.flotilla.chaos.port;

import io.flotilla.protocol.record.Compression;
import java.time.Duration;

/**
 * How a producer sends.
 *
 * @param idempotent      whether a record that is sent again is stored once; a protocol whose producers always are ignores it
 * @param inFlight        batches of one partition on their way, 1 to 5
 * @param batchBytes      of a batch at most, 1 KiB to 1 MiB
 * @param linger          how long a batch waits for more records
 * @param deliveryTimeout after which the outcome of a record is given up as unknown
 */
public record ProducerOptions(
        boolean idempotent,
        int inFlight,
        int batchBytes,
        Duration linger,
        Compression compression,
        Duration deliveryTimeout) {}
