package io.flotilla.raftlog.raft.ratis.transport;

import io.flotilla.raftlog.raft.ratis.transport.FrameHeader.Control;
import io.flotilla.raftlog.raft.ratis.transport.Refusals.Reason;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.ratis.protocol.RaftPeerId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection, active once its TLS handshake is done where the wire has TLS. Both sides tell who they are; then
 * frames go either way until one side closes it, sends what is no frame, or falls silent.
 *
 * <p>Threading: confined to the channel's event loop, but for {@link #offer}, {@link #silentMillis} and {@link #close}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write or a close that fails ends with the channel
final class Connection extends ChannelInboundHandlerAdapter implements FrameReader.Frames {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

    /** A silent peer is asked for a sign of life after one part of the time it may be silent. */
    private static final int SILENCE_PARTS = 3;

    private final WireContext context;
    private final boolean dialed;
    private final FrameReader reader = new FrameReader(this);
    private final Queue<ByteBuf> queue = new ConcurrentLinkedQueue<>();
    private final AtomicLong queuedBytes = new AtomicLong();
    private final AtomicBoolean flushing = new AtomicBoolean();
    private volatile @Nullable Channel channel;
    private @Nullable Hello hello;
    private boolean ready;
    private volatile long lastHeardNanos = System.nanoTime();

    private Connection(WireContext context, @Nullable Hello hello) {
        this.context = context;
        this.dialed = hello != null;
        this.hello = hello;
    }

    /** The end of one that this server opens. */
    static Connection dialed(WireContext context, Hello hello) {
        return new Connection(context, hello);
    }

    /** The end of one that a peer has opened. */
    static Connection accepted(WireContext context) {
        return new Connection(context, null);
    }

    boolean isDialed() {
        return dialed;
    }

    /** Since something came. */
    long silentMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - lastHeardNanos);
    }

    /**
     * Sends a frame, which belongs to this connection from now on.
     *
     * @return false if the queue is full or the connection closed
     */
    boolean offer(ByteBuf frame, long queuedBytesMax) {
        Channel open = channel;
        if (open == null || !open.isActive() || !makeRoom(frame.readableBytes(), queuedBytesMax)) {
            frame.release();
            return false;
        }
        queue.add(frame);
        flushSoon(open);
        return true;
    }

    /** A single frame may exceed the bound. */
    private boolean makeRoom(int bytes, long queuedBytesMax) {
        long queued = queuedBytes.addAndGet(bytes);
        if (queued > queuedBytesMax && queued > bytes) {
            queuedBytes.addAndGet(-bytes);
            return false;
        }
        return true;
    }

    private void flushSoon(Channel open) {
        if (flushing.compareAndSet(false, true)) {
            try {
                open.eventLoop().execute(() -> flush(open));
            } catch (RejectedExecutionException closed) {
                dropQueued();
            }
        }
    }

    private void flush(Channel open) {
        flushing.set(false);
        boolean any = false;
        for (ByteBuf frame = queue.poll(); frame != null; frame = queue.poll()) {
            int bytes = frame.readableBytes();
            open.write(frame).addListener(written -> queuedBytes.addAndGet(-bytes));
            any = true;
        }
        if (any) {
            open.flush();
        }
    }

    private void dropQueued() {
        for (ByteBuf frame = queue.poll(); frame != null; frame = queue.poll()) {
            frame.release();
        }
    }

    void close() {
        Channel open = channel;
        if (open != null) {
            open.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        channel = ctx.channel();
        lastHeardNanos = System.nanoTime(); // connecting and the handshake are no silence
        context.opened(this);
        Hello mine = hello;
        if (mine != null) {
            write(ctx, Control.HELLO, mine.encoded());
        }
        watch(ctx);
    }

    private void watch(ChannelHandlerContext ctx) {
        long partMillis = Math.max(1, context.silenceMillisMax() / SILENCE_PARTS);
        ctx.executor().schedule(() -> lookForLife(ctx, partMillis), partMillis, TimeUnit.MILLISECONDS);
    }

    private void lookForLife(ChannelHandlerContext ctx, long partMillis) {
        if (!ctx.channel().isActive()) {
            return;
        }
        long silentMillis = silentMillis();
        if (silentMillis >= context.silenceMillisMax()) {
            LOG.info("closing a silent connection peer={} silentMillis={}", name(ctx), silentMillis);
            ctx.close();
            return;
        }
        if (ready && silentMillis >= partMillis) {
            write(ctx, Control.PING, new byte[0]);
        }
        watch(ctx);
    }

    private static void write(ChannelHandlerContext ctx, int code, byte[] content) {
        ByteBuf frame = ctx.alloc().directBuffer(FrameHeader.BYTES + content.length);
        FrameHeader.control(code, content.length).write(frame);
        frame.writeBytes(content);
        ctx.writeAndFlush(frame, ctx.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object read) {
        ByteBuf bytes = (ByteBuf) read;
        try {
            lastHeardNanos = System.nanoTime();
            if (ctx.channel().isActive()) {
                reader.read(bytes);
            }
        } catch (BadFrame bad) {
            context.refusals().refused(bad.reason(), name(ctx), String.valueOf(bad.getMessage()));
            ctx.close();
        } finally {
            bytes.release();
        }
    }

    @Override
    public boolean header(FrameHeader header) throws BadFrame {
        if (!ready) {
            int expected = dialed ? Control.WELCOME : Control.HELLO;
            if (header.code() != expected || header.length() > Hello.BYTES_MAX) {
                throw new BadFrame(Reason.MALFORMED, "code " + header.code() + " before the greeting");
            }
            return true;
        }
        if (header.code() == Control.PING || header.code() == Control.PONG) {
            if (header.length() != 0) {
                throw new BadFrame(Reason.MALFORMED, "a sign of life of " + header.length() + " bytes");
            }
            return true;
        }
        if (header.length() > context.contentBytesMax()) {
            throw new BadFrame(
                    Reason.TOO_LONG, header.length() + " bytes, at most " + context.contentBytesMax() + " are taken");
        }
        Kind kind = kindOf(header);
        if (kind.lane() != greeting().lane()) {
            throw new BadFrame(
                    Reason.MALFORMED, kind + " on the lane " + greeting().lane());
        }
        if (!context.inbox().admits(peer(), new Message.Envelope(kind, header.group(), header.call()))) {
            context.refusals().refused(Reason.UNKNOWN_PEER, peer(), kind.toString());
            return false;
        }
        return true;
    }

    @Override
    public void frame(FrameHeader header, byte[] content) throws BadFrame {
        switch (header.code()) {
            case Control.HELLO -> greeted(Hello.decode(content));
            case Control.WELCOME -> welcomed(Hello.decode(content));
            case Control.PING -> {
                Channel open = channel;
                if (open != null) {
                    write(open.pipeline().lastContext(), Control.PONG, new byte[0]);
                }
            }
            case Control.PONG -> {}
            default -> {
                Message.Envelope envelope = new Message.Envelope(kindOf(header), header.group(), header.call());
                context.inbox().received(peer(), MessageCodec.decode(envelope, content));
            }
        }
    }

    private static Kind kindOf(FrameHeader header) throws BadFrame {
        Optional<Kind> kind = Kind.ofCode(header.code());
        if (kind.isEmpty()) {
            throw new BadFrame(Reason.MALFORMED, "code " + header.code());
        }
        return kind.get();
    }

    private void greeted(Hello theirs) throws BadFrame {
        refuseStranger(theirs);
        Hello mine = new Hello(context.realm(), context.self(), theirs.from(), theirs.lane());
        hello = mine;
        Channel open = channel;
        if (open != null) {
            write(open.pipeline().lastContext(), Control.WELCOME, mine.encoded());
        }
        ready = true;
        context.ready(this, theirs.from(), theirs.lane());
    }

    private void welcomed(Hello theirs) throws BadFrame {
        refuseStranger(theirs);
        if (!theirs.from().equals(peer()) || theirs.lane() != greeting().lane()) {
            throw new BadFrame(Reason.OTHER_TARGET, theirs.from() + " answers in place of " + peer());
        }
        ready = true;
        context.ready(this, theirs.from(), theirs.lane());
    }

    private void refuseStranger(Hello theirs) throws BadFrame {
        if (!theirs.realm().equals(context.realm())) {
            throw new BadFrame(
                    Reason.OTHER_REALM, "realm '" + theirs.realm() + "', this server is in '" + context.realm() + "'");
        }
        if (!theirs.to().equals(context.self())) {
            throw new BadFrame(Reason.OTHER_TARGET, "it looks for " + theirs.to() + ", this is " + context.self());
        }
        Channel open = channel;
        if (open == null) {
            throw new IllegalStateException("greeted before it was active");
        }
        context.requireProof(open, theirs.from());
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        dropQueued();
        Hello known = hello;
        context.closed(this, known == null ? null : known.to(), known == null ? null : known.lane(), ready);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable failure) {
        LOG.debug("connection to {} failed", name(ctx), failure);
        ctx.close();
    }

    private Hello greeting() {
        Hello known = hello;
        if (known == null) {
            throw new IllegalStateException("asked before the greeting");
        }
        return known;
    }

    private RaftPeerId peer() {
        return greeting().to();
    }

    private Object name(ChannelHandlerContext ctx) {
        Hello known = hello;
        return known != null ? known.to() : String.valueOf(ctx.channel().remoteAddress());
    }
}
