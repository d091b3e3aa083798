package io.flotilla.client.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.flotilla.client.BrokerAddress;
import io.flotilla.client.metadata.TopicView.PartitionLeader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopicViewTest {
    private static final BrokerAddress ONE = new BrokerAddress("one", 1);
    private static final BrokerAddress TWO = new BrokerAddress("two", 2);

    @Test
    void shouldBelieveTheHigherEpoch() {
        assertThat(view("id", 5, ONE).merge(view("id", 6, TWO)).leaderOf(0)).contains(TWO);
        assertThat(view("id", 5, ONE).merge(view("id", 4, TWO)).leaderOf(0)).contains(ONE);
        assertThat(view("id", 5, ONE).merge(view("id", 5, TWO)).leaderOf(0)).contains(ONE);
    }

    @Test
    void shouldTakeALeaderWhereNoneIsKnown() {
        assertThat(view("id", 5, null).merge(view("id", 5, TWO)).leaderOf(0)).contains(TWO);
    }

    @Test
    void shouldForgetALeaderThatProvedWrong() {
        TopicView distrusting = view("id", 5, ONE).distrust(0, ONE);

        assertThat(distrusting.leaderOf(0)).isEmpty();
        assertThat(distrusting.hear(0, leader(3, TWO)).leaderOf(0)).contains(TWO);
        assertThat(view("id", 5, ONE).distrust(0, TWO).leaderOf(0)).contains(ONE);
    }

    @Test
    void shouldReplaceATopicThatWasCreatedAnew() {
        assertThat(view("old", 50, ONE).merge(view("new", 1, TWO)).leaderOf(0)).contains(TWO);
    }

    @Test
    void shouldKnowNoLeaderOfPartitionsOutsideTheTopic() {
        assertThat(view("id", 5, ONE).leaderOf(1)).isEmpty();
        assertThat(view("id", 5, ONE).hear(7, leader(9, TWO)).leaderOf(7)).isEmpty();
    }

    private static TopicView view(String id, int epoch, @org.jspecify.annotations.Nullable BrokerAddress leader) {
        return new TopicView("t", id, Map.of(), List.of(leader(epoch, leader)));
    }

    private static PartitionLeader leader(int epoch, @org.jspecify.annotations.Nullable BrokerAddress leader) {
        return new PartitionLeader(epoch, Optional.ofNullable(leader));
    }
}
