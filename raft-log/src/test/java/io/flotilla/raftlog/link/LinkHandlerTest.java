package io.flotilla.raftlog.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class LinkHandlerTest {
    private final List<Link> open = new ArrayList<>();

    private EmbeddedChannel channel(Consumer<Link> atOpening) {
        EmbeddedChannel channel = new EmbeddedChannel(false, false);
        LinkHandler.watch(
                channel,
                new LinkWatch() {
                    @Override
                    public void opened(Link link) {
                        open.add(link);
                        atOpening.accept(link);
                    }

                    @Override
                    public void closed(Link link) {
                        open.remove(link);
                    }
                },
                true);
        try {
            channel.register();
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
        return channel;
    }

    private static void send(EmbeddedChannel channel) {
        var unused = channel.writeOneOutbound(Unpooled.wrappedBuffer(new byte[] {1}));
        channel.flush();
    }

    private static int sent(EmbeddedChannel channel) {
        return channel.outboundMessages().size();
    }

    @Test
    void shouldKeepWhatIsSentOverAHeldLinkUntilItIsReleased() {
        EmbeddedChannel channel = channel(link -> {});
        Link link = open.get(0);

        link.hold();
        send(channel);
        assertThat(sent(channel)).isZero();
        assertThat(channel.config().isAutoRead()).isFalse();

        link.release();
        channel.runPendingTasks();
        assertThat(sent(channel)).isEqualTo(1);
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void shouldLetNothingOutOfALinkThatIsHeldAsItOpens() {
        EmbeddedChannel channel = channel(Link::hold);

        send(channel);

        assertThat(sent(channel)).isZero();
    }

    @Test
    void shouldLeaveALinkAloneThatIsNotHeld() {
        EmbeddedChannel channel = channel(link -> {});
        channel.config().setAutoRead(false); // by somebody else

        open.get(0).release();

        assertThat(channel.config().isAutoRead()).isFalse();
    }

    @Test
    void shouldTellOfTheEndOfALinkThatIsReset() {
        EmbeddedChannel channel = channel(link -> {});

        open.get(0).reset();
        channel.runPendingTasks();

        assertThat(channel.isOpen()).isFalse();
        assertThat(open).isEmpty();
    }
}
