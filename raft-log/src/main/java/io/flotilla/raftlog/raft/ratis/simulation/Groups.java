package io.flotilla.raftlog.raft.ratis.simulation;

import io.flotilla.raftlog.raft.ratis.transport.Message;
import java.util.UUID;
import org.apache.ratis.proto.RaftProtos.AppendEntriesReplyProto;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.MessageLite;

/** Which group a part of a message belongs to. */
final class Groups {
    private Groups() {}

    static UUID groupOf(Message message, MessageLite part) {
        if (!message.kind().isOfMany()) {
            return message.group();
        }
        ByteString id = part instanceof AppendEntriesRequestProto request
                ? request.getServerRequest().getRaftGroupId().getId()
                : ((AppendEntriesReplyProto) part)
                        .getServerReply()
                        .getRaftGroupId()
                        .getId();
        return RaftGroupId.valueOf(id).getUuid();
    }
}
