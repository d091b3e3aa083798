package io.flotilla.metadata.core;

import static io.flotilla.metadata.Fixtures.imageAfter;
import static io.flotilla.metadata.Fixtures.rejected;
import static io.flotilla.metadata.Fixtures.topic;
import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.metadata.Endpoint;
import io.flotilla.metadata.ImageDelta;
import io.flotilla.metadata.Job;
import io.flotilla.metadata.MetadataCommand;
import io.flotilla.metadata.MetadataCommand.ChangeMetadataVoters;
import io.flotilla.metadata.MetadataCommand.DrainBroker;
import io.flotilla.metadata.MetadataCommand.EndOperation;
import io.flotilla.metadata.MetadataCommand.FenceBroker;
import io.flotilla.metadata.MetadataCommand.RegisterBroker;
import io.flotilla.metadata.MetadataCommand.StartOperation;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.MetadataVoters;
import io.flotilla.metadata.Operation;
import io.flotilla.metadata.Outcome;
import io.flotilla.metadata.store.DeltaFormat;
import io.flotilla.metadata.store.ImageFormat;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.raftlog.raft.PeerId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who takes the place of a voter that goes, and when none has to. */
class VoterRulesTest {
    /** Brokers 1 to {@code voters} vote; those up to {@code brokers} do not. Each has a rack of its own. */
    private static MetadataImage cluster(int voters, int brokers) {
        List<MetadataCommand> commands = new ArrayList<>();
        IntStream.rangeClosed(1, brokers).forEach(id -> commands.add(broker(id, "rack-" + id)));
        commands.add(voting(IntStream.rangeClosed(1, voters).toArray()));
        return imageAfter(commands.toArray(MetadataCommand[]::new));
    }

    private static RegisterBroker broker(int id, String rack) {
        Endpoint endpoint = new Endpoint("host-" + id, 9_000 + id);
        return new RegisterBroker(id, "dir_" + id, endpoint, endpoint, rack, 0, 0);
    }

    private static ChangeMetadataVoters voting(int... ids) {
        return new ChangeMetadataVoters(new MetadataVoters(peers(ids), List.of()));
    }

    private static List<PeerId> peers(int... ids) {
        return IntStream.of(ids).mapToObj(id -> PeerId.of(id, "dir_" + id)).toList();
    }

    private static StartOperation decommission(int id) {
        return new StartOperation(new UUID(7, id), new Job.Decommission(id), 1_000);
    }

    private static List<PeerId> target(MetadataImage image) {
        return VoterRules.target(image, image.metadataVoters().voters());
    }

    private static FenceBroker fenced(int id) {
        return new FenceBroker(id, "dir_" + id, 1);
    }

    @Test
    void shouldLeaveVotersAsTheyAreWhileNobodyGoes() {
        assertThat(target(cluster(3, 5))).isEmpty();
        assertThat(target(imageAfter(cluster(3, 5), fenced(1)))).isEmpty();
    }

    @Test
    void shouldPutTheBrokerWithTheFewestReplicasInPlaceOfOneThatGoes() {
        MetadataImage all = imageAfter(cluster(3, 4), topic("orders", 1, 4), broker(5, "rack-5"));

        assertThat(target(imageAfter(all, decommission(1)))).isEqualTo(peers(2, 3, 5));
    }

    @Test
    void shouldPreferARackWhereNoOtherVoterIs() {
        MetadataImage image = imageAfter(cluster(3, 3), broker(4, "rack-2"), broker(5, "rack-1"), decommission(1));

        assertThat(target(image)).isEqualTo(peers(2, 3, 5));
    }

    @Test
    void shouldChooseOnlyAmongBrokersInService() {
        MetadataImage image =
                imageAfter(cluster(3, 7), new DrainBroker(4, true), fenced(5), decommission(6), decommission(1));

        assertThat(target(image)).isEqualTo(peers(2, 3, 7));
    }

    @Test
    void shouldStayWithTheBrokerThatWasNominatedWhileItIsInService() {
        MetadataVoters begun = new MetadataVoters(peers(1, 2, 3), peers(2, 3, 5));
        MetadataImage image = imageAfter(cluster(3, 5), decommission(1), new ChangeMetadataVoters(begun));

        assertThat(target(image)).isEqualTo(peers(2, 3, 5));
        assertThat(target(imageAfter(image, fenced(5)))).isEqualTo(peers(2, 3, 4));
    }

    @Test
    void shouldReplaceAVoterWhoseBrokerHasAnotherDiskByThatBroker() {
        RegisterBroker wiped = new RegisterBroker(
                3, "new", new Endpoint("host-3", 9_003), new Endpoint("host-3", 9_003), "rack-3", 0, 0);

        assertThat(target(imageAfter(cluster(3, 5), wiped)))
                .containsExactly(PeerId.of(1, "dir_1"), PeerId.of(2, "dir_2"), PeerId.of(3, "new"));
    }

    @Test
    void shouldRefuseToLoseOneOfThreeWithoutASuccessorAndSayWhatHelps() {
        Outcome.Rejected refusal = rejected(cluster(3, 3), decommission(2));

        assertThat(refusal.code()).isEqualTo(ErrorCode.CONFLICT);
        assertThat(refusal.message()).contains("broker 2", "[1, 2, 3]", "add a broker first");
        assertThat(rejected(imageAfter(cluster(3, 4), decommission(1)), decommission(2))
                        .message())
                .contains("add a broker first");
    }

    @Test
    void shouldLetOneOfFourGoWithoutASuccessor() {
        assertThat(target(imageAfter(cluster(4, 6), decommission(1)))).isEqualTo(peers(2, 3, 4));
    }

    @Test
    void shouldGoOnWithFewerThanFiveWhereNobodyCanFollow() {
        assertThat(target(imageAfter(cluster(5, 5), decommission(1)))).isEqualTo(peers(2, 3, 4, 5));
        assertThat(target(imageAfter(cluster(5, 6), decommission(1)))).isEqualTo(peers(2, 3, 4, 5, 6));
        assertThat(target(imageAfter(cluster(5, 6), decommission(1), decommission(2))))
                .isEqualTo(peers(3, 4, 5));
    }

    @Test
    void shouldReplaceTheOnlyVoterAndBothOfTwo() {
        assertThat(target(imageAfter(cluster(1, 2), decommission(1)))).isEqualTo(peers(2));
        assertThat(target(imageAfter(cluster(2, 3), decommission(1)))).isEqualTo(peers(2, 3));
        assertThat(rejected(cluster(2, 2), decommission(1)).code()).isEqualTo(ErrorCode.CONFLICT);
    }

    @Test
    void shouldReplaceAsManyAsItCanAndKeepTheRestWhenASuccessorIsLost() {
        MetadataImage image = imageAfter(cluster(3, 5), decommission(1), decommission(2), fenced(5));

        assertThat(target(image)).hasSize(3).contains(PeerId.of(3, "dir_3"), PeerId.of(4, "dir_4"));
    }

    @Test
    void shouldNotBeDoneWithABrokerThatStillVotes() {
        MetadataImage image = imageAfter(cluster(3, 4), decommission(1));
        EndOperation end = new EndOperation(new UUID(7, 1), Operation.State.DONE, "", 2_000);

        assertThat(rejected(image, end).message()).contains("still votes on the metadata");
        assertThat(imageAfter(image, voting(2, 3, 4), end).broker(1)).isEmpty();
    }

    @Test
    void shouldRefuseVotersThatCannotBe() {
        assertThat(rejected(cluster(3, 3), voting()).message()).contains("at least one voter");
        assertThat(rejected(cluster(3, 3), new ChangeMetadataVoters(new MetadataVoters(peers(1), peers(2, 2))))
                        .code())
                .isEqualTo(ErrorCode.INVALID_REQUEST);
    }

    @Test
    void shouldTravelInImagesAndDeltas() throws IOException {
        MetadataImage before = cluster(3, 4);
        MetadataImage after =
                imageAfter(before, new ChangeMetadataVoters(new MetadataVoters(peers(1, 2, 3), peers(2, 3, 4))));

        assertThat(ImageFormat.decode(ImageFormat.encode(after)).metadataVoters())
                .isEqualTo(after.metadataVoters());
        ImageDelta delta = DeltaFormat.decode(DeltaFormat.encode(ImageDelta.between(before, after)));
        assertThat(delta.applyTo(before)).isEqualTo(after);
    }
}
