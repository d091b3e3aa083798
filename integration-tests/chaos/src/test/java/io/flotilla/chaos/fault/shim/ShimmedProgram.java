package io.flotilla.chaos.fault.shim;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Does what it is told, a line at a time, and says what came of it. */
final class ShimmedProgram {
    static final int BYTES = 1000;

    private ShimmedProgram() {}

    public static void main(String[] arguments) throws IOException {
        Path file = Path.of(arguments[0]);
        try (var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
                FileChannel channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            System.out.println("ready");
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                System.out.println(answer(order, file, channel));
            }
        }
    }

    private static String answer(String order, Path file, FileChannel channel) {
        long startNanos = System.nanoTime();
        try {
            switch (order) {
                case "sync" -> channel.force(true);
                case "write" -> channel.write(ByteBuffer.allocate(BYTES), 0);
                case "append" -> channel.write(ByteBuffer.allocate(BYTES));
                case "read" -> channel.read(ByteBuffer.allocate(BYTES), 0);
                case "create" -> Files.delete(Files.createFile(file.resolveSibling("created")));
                case "open" -> FileChannel.open(file).close();
                case "rename" ->
                    Files.move(Files.createFile(file.resolveSibling("from")), file.resolveSibling("renamed"));
                case "time" -> {
                    return "ok " + System.currentTimeMillis();
                }
                case "space" -> {
                    return "ok " + Files.getFileStore(file).getUsableSpace();
                }
                default -> throw new IllegalArgumentException(order);
            }
            return "ok " + (System.nanoTime() - startNanos) / 1_000_000;
        } catch (IOException failure) {
            return String.valueOf(failure.getMessage());
        }
    }
}
