package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.ratis.transport.Refusals.Reason;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import javax.net.ssl.SSLException;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;

/**
 * Stands between TLS and a connection, which becomes active when the handshake is done, and counts what fails. A
 * channel whose handshake does not end is closed by the TLS handler.
 *
 * <p>Threading: confined to the channel's event loop.
 */
final class Handshake extends ChannelInboundHandlerAdapter {
    private final Refusals refusals;
    private final @Nullable RaftPeerId dialed;
    private boolean failed;

    /** @param dialed null if the channel was accepted */
    Handshake(Refusals refusals, @Nullable RaftPeerId dialed) {
        this.refusals = refusals;
        this.dialed = dialed;
    }

    /** Not before the handshake: the first that a connection does is to greet. */
    @Override
    public void channelActive(ChannelHandlerContext ctx) {}

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake) {
            if (handshake.isSuccess()) {
                ctx.fireChannelActive();
            } else {
                failed(ctx, handshake.cause());
            }
        }
        ctx.fireUserEventTriggered(event);
    }

    /** In TLS 1.3 a dialed peer refuses this server's certificate after the handshake. */
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        failed(ctx, failure instanceof DecoderException wrapped ? wrapped.getCause() : failure);
        ctx.fireExceptionCaught(failure);
    }

    /** A failure is told as an event and as an exception. A connection that just ended was not refused. */
    private void failed(ChannelHandlerContext ctx, @Nullable Throwable failure) {
        if (failed || !(failure instanceof SSLException)) {
            return;
        }
        failed = true;
        Object from = dialed == null ? String.valueOf(ctx.channel().remoteAddress()) : dialed;
        if (failure instanceof NotSslRecordException) {
            refusals.refused(Reason.OTHER_ENCRYPTION, from, "it does not speak TLS, which this server does");
        } else {
            refusals.refused(Reason.TLS_FAILED, from, String.valueOf(failure.getMessage()));
        }
    }
}
