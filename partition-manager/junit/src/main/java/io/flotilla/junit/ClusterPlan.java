package io.flotilla.junit;

import io.flotilla.client.NewTopic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What cluster tests want: how many brokers, their settings, and the topics that are there before the first test. */
record ClusterPlan(int brokers, Map<String, String> settings, List<NewTopic> topics) {
    private static final int REPLICAS_MAX = 3;

    ClusterPlan {
        if (brokers < 1 || brokers > 9) {
            throw new IllegalArgumentException("brokers " + brokers + " is outside [1, 9]");
        }
        settings = Map.copyOf(settings);
        topics = List.copyOf(topics);
    }

    /** @throws IllegalArgumentException naming what the annotation has wrong */
    static ClusterPlan of(FlotillaTest annotation) {
        Map<String, String> settings = new LinkedHashMap<>();
        for (String line : annotation.settings()) {
            int equals = line.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("setting '" + line + "' is not of the form name=value");
            }
            settings.put(
                    line.substring(0, equals).strip(),
                    line.substring(equals + 1).strip());
        }
        List<NewTopic> topics = Stream.of(annotation.topics())
                .map(topic -> parse(topic, annotation.brokers()))
                .toList();
        return new ClusterPlan(annotation.brokers(), settings, topics);
    }

    private static NewTopic parse(String text, int brokers) {
        int colon = text.indexOf(':');
        if (colon < 0) {
            return topic(text, 1, brokers);
        }
        try {
            return topic(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)), brokers);
        } catch (NumberFormatException malformed) {
            throw new IllegalArgumentException(
                    "topic '" + text + "' is not of the form name or name:partitions", malformed);
        }
    }

    /** With three replicas, or as many as there are brokers. */
    static NewTopic topic(String name, int partitions, int brokers) {
        return NewTopic.of(name, partitions, Math.min(brokers, REPLICAS_MAX));
    }
}
