package io.flotilla.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.DeletedTopic;
import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.CreateTopic;
import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.MetadataCommand.RegisterBroker;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.SpentIds;
import io.flotilla.metadata.Topic;
import io.flotilla.metadata.store.CommandFormat;
import io.flotilla.metadata.store.Snapshot;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.raftlog.raft.LogPosition;
import io.flotilla.raftlog.raft.ratis.LoggedEntries.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** That what is wrong is found: by the log's replay, and by what clients know. */
final class JudgementTest {
    private static final UUID ONE = new UUID(0, 1);
    private static final UUID TWO = new UUID(0, 2);
    private static final Path FILE = Path.of("broker-1", "metadata");

    @Test
    void shouldAcceptASnapshotThatIsTheLogsReplay() throws IOException {
        List<Entry> log = log(create(ONE, "a"), create(TWO, "b"), delete("a", 0));
        Replay replay = Replay.of("c", log);

        assertThat(Judgement.wrongSnapshots(
                        Map.of(FILE, new Snapshot(log.get(3).position(), replay.imageAt(3))), log, replay))
                .isEmpty();
        assertThat(replay.complaints()).isEmpty();
        assertThat(replay.topicsMade()).isEqualTo(2);
    }

    @Test
    void shouldNameTheFirstPartInWhichASnapshotDiffers() throws IOException {
        List<Entry> log = log(create(ONE, "a"), create(TWO, "b"));
        Replay replay = Replay.of("c", log);
        MetadataImage right = replay.imageAt(2);
        Topic other = right.topic("b").orElseThrow().withReplicationFactor(3);
        MetadataImage wrong = right.with(List.of(other)).asVersionAfter(replay.imageAt(1));

        assertThat(Judgement.wrongSnapshots(Map.of(FILE, new Snapshot(log.get(2).position(), wrong)), log, replay))
                .singleElement()
                .asString()
                .contains(FILE.toString(), "topic b: expected", "replicationFactor=1", "replicationFactor=3");
        assertThat(ImageDifference.between(right, replay.imageAt(1)))
                .hasValueSatisfying(difference -> assertThat(difference).startsWith("version: expected 3, found 2"));
    }

    @Test
    void shouldFindATopicIdThatIsGivenTwice() throws IOException {
        List<MetadataCommand> commands = new ArrayList<>(List.of(create(ONE, "a"), delete("a", 0)));
        for (int i = 0; i < SpentIds.KEPT_MAX; i++) { // until the rules have forgotten it
            commands.add(create(new UUID(9, i), "other"));
            commands.add(delete("other", 0));
        }
        commands.add(create(ONE, "b"));

        Replay replay = Replay.of("c", log(commands.toArray(MetadataCommand[]::new)));

        assertThat(replay.complaints())
                .singleElement()
                .asString()
                .contains("was given by entry 1", "by entry " + commands.size());
    }

    @Test
    void shouldNotTakeAnUndeletedTopicForANewOne() throws IOException {
        Replay replay =
                Replay.of("c", log(create(ONE, "a"), delete("a", 1000), new MetadataCommand.UndeleteTopic("a")));

        assertThat(replay.complaints()).isEmpty();
        assertThat(replay.topicsMade()).isEqualTo(1);
    }

    @Test
    void shouldComplainOfTopicsThatAreNotWhatTheirClientsKnow() throws IOException {
        MetadataImage image =
                Replay.of("c", log(create(ONE, "a"), create(TWO, "b"))).imageAt(2);
        OwnedName right = created("a", ONE);
        OwnedName gone = created("b", TWO);
        assertThat(gone.answered(Call.DELETE_NOW, Optional.empty(), Answer.done()))
                .isEmpty();
        OwnedName missing = created("c", new UUID(0, 3));

        assertThat(Judgement.wrongTopics(image, List.of(right, gone, missing)))
                .hasSize(2)
                .anySatisfy(complaint -> assertThat(complaint).startsWith("topic b is " + Topic.idText(TWO)))
                .anySatisfy(complaint -> assertThat(complaint).startsWith("topic c is not there"));
        assertThat(Judgement.wrongTopics(image, List.of(right)))
                .singleElement()
                .asString()
                .contains("topic b is there, but nobody made it");
    }

    @Test
    void shouldComplainOfADeletedTopicThatIsForgotten() throws IOException {
        MetadataImage image =
                Replay.of("c", log(create(ONE, "a"), delete("a", 1000))).imageAt(2);
        OwnedName name = created("a", ONE);
        assertThat(name.answered(Call.DELETE, Optional.empty(), Answer.done())).isEmpty();

        assertThat(Judgement.wrongTopics(image, List.of(name))).isEmpty();
        DeletedTopic deleted = image.deletedTopics().values().iterator().next();
        assertThat(Judgement.wrongTopics(image.withPurged(deleted), List.of(name)))
                .singleElement()
                .asString()
                .startsWith("deleted topics a are []");
    }

    @Test
    void shouldAcceptEitherOutcomeOfACallWithoutAnAnswer() throws IOException {
        MetadataImage image = Replay.of("c", log(create(ONE, "a"))).imageAt(1);
        OwnedName unsure = created("a", ONE);

        assertThat(unsure.answered(Call.DELETE_NOW, Optional.empty(), Answer.failed(ErrorCode.TIMEOUT)))
                .isEmpty();
        assertThat(unsure.unsure()).isTrue();
        assertThat(Judgement.wrongTopics(image, List.of(unsure))).isEmpty();
        assertThat(Judgement.wrongTopics(image.withPurged(image.topic("a").orElseThrow()), List.of(unsure)))
                .isEmpty();
    }

    @Test
    void shouldComplainOfAnswersThatCannotBeRight() {
        assertThat(created("a", ONE).answered(Call.DELETE, Optional.empty(), Answer.failed(ErrorCode.UNKNOWN_TOPIC)))
                .hasValueSatisfying(complaint ->
                        assertThat(complaint).contains("topic a: DELETE was answered UNKNOWN_TOPIC", "CREATE: OK"));
        assertThat(created("a", ONE).answered(Call.CREATE_AGAIN, Optional.empty(), Answer.of(Topic.idText(TWO))))
                .isPresent();
        OwnedName reused = created("a", ONE);
        assertThat(reused.answered(Call.DELETE_NOW, Optional.empty(), Answer.done()))
                .isEmpty();
        assertThat(reused.answered(Call.CREATE, Optional.empty(), Answer.of(Topic.idText(ONE))))
                .isPresent();
    }

    private static OwnedName created(String name, UUID id) {
        OwnedName owned = new OwnedName(name);
        assertThat(owned.answered(Call.CREATE, Optional.empty(), Answer.of(Topic.idText(id))))
                .isEmpty();
        return owned;
    }

    private static CreateTopic create(UUID id, String name) {
        return new CreateTopic(id, name, 1, 1, Map.of());
    }

    private static DeleteTopic delete(String name, long graceMillis) {
        return new DeleteTopic(name, 1, graceMillis);
    }

    /** A log with these commands from index 1 on, behind the registration of a broker. */
    private static List<Entry> log(MetadataCommand... commands) {
        List<MetadataCommand> all = new ArrayList<>();
        Endpoint endpoint = new Endpoint("127.0.0.1", 1);
        all.add(new RegisterBroker(1, "d1", endpoint, endpoint, "", 1, 0));
        all.addAll(List.of(commands));
        List<Entry> log = new ArrayList<>();
        for (MetadataCommand command : all) {
            log.add(new Entry(new LogPosition(1, log.size()), Optional.of(CommandFormat.encode(command))));
        }
        return log;
    }
}
