package io.flotilla.raftlog.link;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import java.net.InetSocketAddress;
import java.net.SocketAddress;

/**
 * A link of a channel. To be its first handler, so that it is the last to see what goes out.
 *
 * <p>A held link does not read, and does not flush: what comes in stays in the system's buffers, and what goes out in the
 * channel's, which tells its writers by its writability that they are full.
 *
 * <p>Threading: confined to the channel's event loop, but for the methods of {@link Link}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the event loop runs what it was handed, or the channel is gone
public final class LinkHandler extends ChannelDuplexHandler implements Link {
    private final LinkWatch watch;
    private final Channel channel;
    private final boolean dialed;
    private boolean held;
    private boolean flushAsked;

    private LinkHandler(LinkWatch watch, Channel channel, boolean dialed) {
        this.watch = watch;
        this.channel = channel;
        this.dialed = dialed;
    }

    /**
     * Has the watch told of the channel once it is active.
     *
     * @param dialed whether this side opens the connection
     */
    public static void watch(Channel channel, LinkWatch watch, boolean dialed) {
        channel.pipeline().addFirst(new LinkHandler(watch, channel, dialed));
    }

    @Override
    public boolean isDialed() {
        return dialed;
    }

    @Override
    public int localPort() {
        return portOf(channel.localAddress());
    }

    @Override
    public int remotePort() {
        return portOf(channel.remoteAddress());
    }

    private static int portOf(SocketAddress address) {
        return ((InetSocketAddress) address).getPort();
    }

    @Override
    public void hold() {
        onLoop(() -> {
            held = true;
            channel.config().setAutoRead(false);
        });
    }

    @Override
    public void release() {
        onLoop(() -> {
            if (held) {
                held = false;
                channel.config().setAutoRead(true);
                if (flushAsked) {
                    flushAsked = false;
                    channel.flush();
                }
            }
        });
    }

    @Override
    public void reset() {
        onLoop(() -> {
            if (channel.isOpen()) {
                channel.config().setOption(ChannelOption.SO_LINGER, 0);
                channel.close();
            }
        });
    }

    /** At once if this is the loop, so that a link held as it opens lets nothing through. */
    private void onLoop(Runnable change) {
        if (channel.eventLoop().inEventLoop()) {
            change.run();
        } else if (!channel.eventLoop().isShuttingDown()) {
            channel.eventLoop().execute(change);
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        watch.opened(this);
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        watch.closed(this);
        ctx.fireChannelInactive();
    }

    @Override
    public void flush(ChannelHandlerContext ctx) {
        if (held) {
            flushAsked = true;
        } else {
            ctx.flush();
        }
    }
}
