package io.flotilla.broker.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.flotilla.metadata.MetadataCommand.DeleteTopic;
import io.flotilla.metadata.Outcome;
import io.flotilla.protocol.error.ErrorCode;
import io.flotilla.protocol.error.NotLeader;
import io.flotilla.protocol.error.Refused;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CommandForwarderTest {
    private static final DeleteTopic COMMAND = new DeleteTopic("orders");
    private static final Outcome DONE = new Outcome.Rejected(ErrorCode.UNKNOWN_TOPIC, "no such topic", Map.of());

    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final List<Integer> asked = new CopyOnWriteArrayList<>();
    private final Queue<CompletableFuture<Outcome>> answers = new ArrayDeque<>();

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void shouldAskTheBelievedLeaderFirst() {
        answers.add(CompletableFuture.completedFuture(DONE));

        Outcome outcome = forwarder(Optional.of(2)).submit(COMMAND).join();

        assertThat(outcome).isEqualTo(DONE);
        assertThat(asked).containsExactly(2);
    }

    @Test
    void shouldFollowTheHintOfABrokerThatDoesNotLead() {
        answers.add(CompletableFuture.failedFuture(new NotLeader("not me", 3, Optional.of(3))));
        answers.add(CompletableFuture.completedFuture(DONE));

        forwarder(Optional.of(1)).submit(COMMAND).join();

        assertThat(asked).containsExactly(1, 3);
    }

    @Test
    void shouldAskAroundWhenTheBelievedLeaderDoesNotAnswer() {
        for (int attempt = 0; attempt < 8; attempt++) {
            answers.add(CompletableFuture.failedFuture(new Refused(ErrorCode.BROKER_NOT_AVAILABLE, "down")));
        }
        answers.add(CompletableFuture.completedFuture(DONE));

        forwarder(Optional.of(2)).submit(COMMAND).join();

        assertThat(asked).hasSize(9).startsWith(2, 2).contains(1, 3);
    }

    @Test
    void shouldTellThatARejectionMayComeOfItsOwnEarlierAttempt() {
        answers.add(CompletableFuture.failedFuture(new Refused(ErrorCode.TIMEOUT, "no answer")));
        answers.add(CompletableFuture.completedFuture(
                new Outcome.Rejected(ErrorCode.UNKNOWN_TOPIC, "no such topic", Map.of("topic", "orders"))));

        Outcome outcome = forwarder(Optional.of(2)).submit(COMMAND).join();

        assertThat(outcome)
                .isEqualTo(new Outcome.Rejected(
                        ErrorCode.UNKNOWN_TOPIC, "no such topic", Map.of("topic", "orders", Refused.ATTEMPTS, "2")));
    }

    @Test
    void shouldNotRetryWhatCannotSucceed() {
        answers.add(CompletableFuture.failedFuture(new Refused(ErrorCode.INVALID_REQUEST, "other cluster")));

        assertThatThrownBy(() -> forwarder(Optional.of(1)).submit(COMMAND).join())
                .isInstanceOf(CompletionException.class)
                .hasRootCauseMessage("other cluster");
        assertThat(asked).containsExactly(1);
    }

    private CommandForwarder forwarder(Optional<Integer> leader) {
        return new CommandForwarder(
                (brokerId, command) -> {
                    asked.add(brokerId);
                    return answers.remove();
                },
                () -> new Quorum(leader, List.of(1, 2, 3)),
                timer,
                Runnable::run);
    }
}
