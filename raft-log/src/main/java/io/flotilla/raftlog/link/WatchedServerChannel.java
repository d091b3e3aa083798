package io.flotilla.raftlog.link;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;

/** A listening channel whose accepted connections a watch is told of. */
public final class WatchedServerChannel extends NioServerSocketChannel {
    private final LinkWatch watch;

    public WatchedServerChannel(LinkWatch watch) {
        this.watch = watch;
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int before = accepted.size();
        int count = super.doReadMessages(accepted);
        for (Object channel : accepted.subList(before, accepted.size())) {
            LinkHandler.watch((Channel) channel, watch, false);
        }
        return count;
    }
}
