package io.flotilla.chaos.plan;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Plans as files: JSON, for people and for {@code replay}. */
public final class PlanFile {
    /** Of the file in a run's folder. */
    public static final String NAME = "plan.json";

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();

    private PlanFile() {}

    public static String text(Plan plan) {
        return GSON.toJson(plan) + "\n";
    }

    /**
     * @throws IllegalArgumentException if the text is no plan
     */
    public static Plan parse(String text) {
        try {
            Plan plan = GSON.fromJson(text, Plan.class);
            if (plan == null) {
                throw new IllegalArgumentException("an empty text is no plan");
            }
            return plan;
        } catch (JsonParseException malformed) {
            throw new IllegalArgumentException("no plan: " + malformed.getMessage(), malformed);
        }
    }

    /** Writes {@value #NAME} into the folder of a run. */
    public static void write(Plan plan, Path directory) throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve(NAME), text(plan));
    }

    /** Reads {@value #NAME} from the folder of a run. */
    public static Plan read(Path directory) throws IOException {
        return parse(Files.readString(directory.resolve(NAME)));
    }
}
