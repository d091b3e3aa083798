package io.flotilla.simulation.disk;

import java.util.ArrayList;
import java.util.List;

/**
 * How much of a write reached the disk: its bytes from {@code from} to {@code to}.
 *
 * @param sized whether the file has the size that the whole write gave it, with zeros for bytes that did not arrive
 */
record Tear(int from, int to, boolean sized) {
    private static final int SECTOR_BYTES = 512;

    /** Every way in which a write can be torn once, where sectors of the file end. */
    static List<Tear> of(Change.Write write) {
        int size = write.bytes().length;
        List<Tear> tears = new ArrayList<>();
        tears.add(new Tear(0, 0, true));
        int first = SECTOR_BYTES - write.position() % SECTOR_BYTES;
        for (int cut = first; cut < size; cut += SECTOR_BYTES) {
            tears.add(new Tear(0, cut, false));
            tears.add(new Tear(0, cut, true));
            tears.add(new Tear(cut, size, true));
        }
        return tears;
    }
}
