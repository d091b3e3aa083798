package io.flotilla.metadata;

import static io.flotilla.metadata.Fixtures.broker;
import static io.flotilla.metadata.Fixtures.topic;
import static io.flotilla.metadata.MetadataCluster.PATIENCE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.NotLeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The metadata over real consensus. */
class MetadataReplicationTest {
    private MetadataCluster cluster;

    @BeforeEach
    void form(@TempDir Path directory) throws IOException {
        cluster = MetadataCluster.form(directory);
        for (int id = 1; id <= 3; id++) {
            cluster.propose(broker(id)).resultAs(Result.BrokerRegistered.class);
        }
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private static int other(int node) {
        return node % 3 + 1;
    }

    @Test
    void shouldShowEveryVoterTheSameImage() {
        List<Long> seen = new CopyOnWriteArrayList<>();
        int leader = cluster.leader();
        cluster.replica(other(leader)).listen(image -> seen.add(image.version()));

        Topic created = cluster.propose(topic("orders", 6, 3))
                .resultAs(Result.TopicCreated.class)
                .topic();
        Outcome again = cluster.propose(topic("orders", 6, 4));

        MetadataImage image = cluster.replica(leader).image();
        assertThat(image.version()).isEqualTo(4);
        assertThat(image.topic("orders")).contains(created);
        assertThat(again.resultAs(Result.TopicCreated.class).topic()).isEqualTo(created);
        cluster.awaitImageEverywhere(image);
        await().atMost(PATIENCE).until(() -> seen.contains(4L));
    }

    @Test
    void shouldAnswerRejectionsFromTheLeaderAndNotLeaderElsewhere() {
        Outcome outcome = cluster.propose(topic("orders", 1, 4));

        assertThat(outcome).isInstanceOfSatisfying(Outcome.Rejected.class, rejection -> assertThat(rejection.code())
                .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR));
        assertThat(cluster.replica(other(cluster.leader())).propose(topic("orders", 1, 1)))
                .failsWithin(PATIENCE)
                .withThrowableThat()
                .withCauseInstanceOf(NotLeader.class);
    }

    @Test
    void shouldGoOnWithoutItsLeaderAndTakeItBack() throws IOException {
        cluster.propose(topic("before", 3, 3)).resultAs(Result.TopicCreated.class);
        int leader = cluster.leader();

        cluster.stop(leader);
        cluster.propose(topic("meanwhile", 3, 3)).resultAs(Result.TopicCreated.class);
        cluster.start(leader);
        cluster.propose(topic("after", 3, 3)).resultAs(Result.TopicCreated.class);

        MetadataImage image = cluster.replica(cluster.leader()).image();
        assertThat(image.topics()).containsOnlyKeys("after", "before", "meanwhile");
        cluster.awaitImageEverywhere(image);
    }

    @Test
    void shouldContinueFromSnapshotsAfterAllHaveStopped() throws IOException {
        cluster.propose(topic("orders", 3, 3)).resultAs(Result.TopicCreated.class);
        MetadataImage before = cluster.replica(cluster.leader()).image();
        cluster.awaitImageEverywhere(before);
        cluster.checkpointUpTo(4);

        cluster.stopAll();
        for (int node = 1; node <= 3; node++) {
            cluster.start(node);
            assertThat(cluster.replica(node).image()).isEqualTo(before);
        }
        cluster.propose(topic("more", 3, 3)).resultAs(Result.TopicCreated.class);

        MetadataImage after = cluster.replica(cluster.leader()).image();
        assertThat(after.version()).isEqualTo(before.version() + 1);
        cluster.awaitImageEverywhere(after);
    }

    @Test
    void shouldNotKeepItsLogForAVoterThatIsAwayAndTakeItBack() throws IOException {
        int leader = cluster.leader();
        int away = other(leader);
        cluster.stop(away);
        int topics = 0;
        while (cluster.raftLogStart(leader) < 10) {
            for (int i = 0; i < 100; i++) { // about 300 bytes each
                cluster.replica(leader)
                        .propose(topic("t".repeat(240) + topics++, 1, 1))
                        .join();
            }
            cluster.checkpointUpTo(topics);
        }

        cluster.start(away);

        cluster.awaitImageEverywhere(cluster.replica(leader).image());
        cluster.propose(topic("after", 3, 3)).resultAs(Result.TopicCreated.class);
        cluster.awaitImageEverywhere(cluster.replica(cluster.leader()).image());
    }
}
