package io.flotilla.raftlog.raft.tls;

import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Blocks of binary data in text (RFC 7468). What stands between blocks is skipped. */
final class Pem {
    private Pem() {}

    /**
     * The content of all blocks of one label, in their order.
     *
     * @throws IllegalArgumentException if one is no Base64
     */
    static List<byte[]> blocks(String label, String text) {
        Matcher block = Pattern.compile("-----BEGIN " + label + "-----([^-]*)-----END " + label + "-----")
                .matcher(text);
        List<byte[]> found = new ArrayList<>();
        while (block.find()) {
            found.add(Base64.getMimeDecoder().decode(block.group(1)));
        }
        return found;
    }
}
