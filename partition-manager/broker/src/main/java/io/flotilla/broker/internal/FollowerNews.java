package io.flotilla.broker.internal;

import com.google.protobuf.UnsafeByteOperations;
import io.flotilla.broker.internal.v1.FollowMetadataRequest;
import io.flotilla.broker.internal.v1.FollowMetadataResponse;
import io.flotilla.broker.metadata.Quorum;
import io.flotilla.metadata.ImageDelta;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.store.DeltaFormat;
import io.flotilla.metadata.store.ImageFormat;
import java.util.Optional;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What one follower of the metadata is to be told next: a delta from the image it has, or a whole image if that one is
 * not known here. Nothing is kept for it but that image, however slow it is.
 *
 * <p>Threading: confined to its stream.
 */
final class FollowerNews {
    private final FollowMetadataRequest request;
    private final LongFunction<Optional<MetadataImage>> recent;
    private boolean begun;
    private @Nullable MetadataImage imageThere;
    private @Nullable Quorum quorumThere;

    /**
     * @param recent this voter's image of a version, if it still has that
     */
    FollowerNews(FollowMetadataRequest request, LongFunction<Optional<MetadataImage>> recent) {
        this.request = request;
        this.recent = recent;
    }

    /** Whether this voter lacks versions that the follower has, so that it has nothing to tell yet. */
    boolean isBehind(MetadataImage newest) {
        return newest.version() < request.getKnownVersion();
    }

    /** What to send now, which then counts as sent; empty while there is no news. */
    Optional<FollowMetadataResponse> next(MetadataImage newest, Quorum quorum) {
        FollowMetadataResponse.Builder response = FollowMetadataResponse.newBuilder();
        boolean changed = !isBehind(newest) && addChange(newest, response);
        if (!changed && quorum.equals(quorumThere)) {
            return Optional.empty();
        }
        quorumThere = quorum;
        response.addAllVoterBrokerIds(quorum.voters());
        quorum.leader().ifPresent(response::setLeaderBrokerId);
        return Optional.of(response.build());
    }

    private boolean addChange(MetadataImage newest, FollowMetadataResponse.Builder response) {
        if (!begun) {
            begun = true;
            imageThere = known();
        }
        MetadataImage before = imageThere;
        if (before != null && before.version() == newest.version()) {
            return false;
        }
        imageThere = newest;
        if (before == null) {
            response.setImage(UnsafeByteOperations.unsafeWrap(ImageFormat.encode(newest)));
        } else {
            response.setDelta(UnsafeByteOperations.unsafeWrap(DeltaFormat.encode(ImageDelta.between(before, newest))));
        }
        return true;
    }

    private @Nullable MetadataImage known() {
        if (!request.hasKnownFingerprint()) {
            return null;
        }
        return recent.apply(request.getKnownVersion())
                .filter(image -> ImageFormat.fingerprint(image) == request.getKnownFingerprint())
                .orElse(null);
    }
}
