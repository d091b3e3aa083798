/**
 * The stored form of records: Kafka's RecordBatch v2, read and written in one place for every protocol and every file.
 *
 * <p>{@link io.flotilla.protocol.record.BatchBuilder} makes batches, {@link io.flotilla.protocol.record.BatchValidator}
 * checks those of clients once, at the edge, and {@link io.flotilla.protocol.record.RecordBatch} is the view that all
 * others use: it reads header fields in place and copies nothing. Past the edge a batch is opaque; only its base offset
 * and leader epoch, which lie outside its checksum, are ever {@linkplain
 * io.flotilla.protocol.record.RecordBatch#place filled in}. {@link io.flotilla.protocol.record.KeyHash} chooses the
 * partition of a key as Kafka's clients do.
 *
 * <h2>A batch</h2>
 * Integers are big-endian; {@code varint} is a zigzag-encoded varint of up to 5 bytes,
 * {@code varlong} of up to 10.
 * <table>
 * <caption>RecordBatch v2: 61 bytes of header, then the records</caption>
 * <tr><th>Offset</th><th>Bytes</th><th>Field</th></tr>
 * <tr><td>0</td><td>8</td><td>base offset: offset of the first record; 0 from a producer, assigned when applied</td></tr>
 * <tr><td>8</td><td>4</td><td>batch length: bytes that follow this field, 49 or more</td></tr>
 * <tr><td>12</td><td>4</td><td>partition leader epoch; -1 from a producer, assigned when applied</td></tr>
 * <tr><td>16</td><td>1</td><td>magic: the format's version, 2</td></tr>
 * <tr><td>17</td><td>4</td><td>CRC-32C of the bytes from 21 to the end</td></tr>
 * <tr><td>21</td><td>2</td><td>attributes: bits 0-2 codec, 3 timestamps are the broker's (LogAppendTime),
 *     4 transactional, 5 control, 6 delete horizon, 7-15 reserved and 0</td></tr>
 * <tr><td>23</td><td>4</td><td>last offset delta: last offset - base offset, 0 or more</td></tr>
 * <tr><td>27</td><td>8</td><td>base timestamp: of the first record, milliseconds since the epoch, -1 for none</td></tr>
 * <tr><td>35</td><td>8</td><td>max timestamp: largest of the records, milliseconds since the epoch, -1 for none</td></tr>
 * <tr><td>43</td><td>8</td><td>producer id; -1 for none</td></tr>
 * <tr><td>51</td><td>2</td><td>producer epoch; -1 for none</td></tr>
 * <tr><td>53</td><td>4</td><td>base sequence: sequence number of the first record; -1 for none</td></tr>
 * <tr><td>57</td><td>4</td><td>record count, 1 or more from a producer</td></tr>
 * <tr><td>61</td><td></td><td>records, back to back, as a whole compressed by the codec</td></tr>
 * </table>
 * <table>
 * <caption>A record</caption>
 * <tr><th>Type</th><th>Field</th></tr>
 * <tr><td>varint</td><td>length: bytes that follow this field</td></tr>
 * <tr><td>int8</td><td>attributes: reserved, 0</td></tr>
 * <tr><td>varlong</td><td>timestamp delta to the base timestamp</td></tr>
 * <tr><td>varint</td><td>offset delta to the base offset</td></tr>
 * <tr><td>varint, bytes</td><td>key length, -1 for null, and key</td></tr>
 * <tr><td>varint, bytes</td><td>value length, -1 for null, and value</td></tr>
 * <tr><td>varint</td><td>header count; then for each the key's length and UTF-8 bytes, the value's length, -1 for null,
 *     and bytes</td></tr>
 * </table>
 * <table>
 * <caption>Codecs</caption>
 * <tr><th>Id</th><th>Codec</th><th>Framing of the records section</th></tr>
 * <tr><td>0</td><td>none</td><td>plain</td></tr>
 * <tr><td>1</td><td>gzip</td><td>RFC 1952</td></tr>
 * <tr><td>2</td><td>snappy</td><td>blocks of 32 KiB in the framing of snappy-java; raw snappy is read too</td></tr>
 * <tr><td>3</td><td>lz4</td><td>LZ4 frame, independent blocks of 64 KiB, no checksums but the header's</td></tr>
 * <tr><td>4</td><td>zstd</td><td>Zstandard frames</td></tr>
 * </table>
 */
@NullMarked
package io.flotilla.protocol.record;

import org.jspecify.annotations.NullMarked;
