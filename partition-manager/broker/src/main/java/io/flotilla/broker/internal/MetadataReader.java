package io.flotilla.broker.internal;

import io.flotilla.broker.internal.v1.FollowMetadataResponse;
import io.flotilla.broker.metadata.Quorum;
import io.flotilla.metadata.MetadataImage;
import io.flotilla.metadata.store.DeltaFormat;
import io.flotilla.metadata.store.ImageFormat;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;

/**
 * The calling end of a stream of metadata: makes images of what comes.
 *
 * <p>Threading: one call at a time, as gRPC has it.
 */
final class MetadataReader implements StreamObserver<FollowMetadataResponse> {
    private final int brokerId;
    private final MetadataFeed feed;
    private final Runnable stop;
    private long version;
    private Optional<MetadataImage> image;
    private boolean ended;

    /**
     * @param version of the image that the caller has
     * @param image   that one, if the stream is to lead on from it
     * @param stop    ends the stream
     */
    MetadataReader(int brokerId, long version, Optional<MetadataImage> image, MetadataFeed feed, Runnable stop) {
        this.brokerId = brokerId;
        this.version = version;
        this.image = image;
        this.feed = feed;
        this.stop = stop;
    }

    @Override
    public void onNext(FollowMetadataResponse response) {
        if (ended) {
            return; // what was on its way when the stream was given up
        }
        feed.held(new Quorum(
                response.hasLeaderBrokerId() ? Optional.of(response.getLeaderBrokerId()) : Optional.empty(),
                response.getVoterBrokerIdsList()));
        if (response.getImage().isEmpty() && response.getDelta().isEmpty()) {
            return;
        }
        MetadataImage next;
        try {
            next = next(response);
        } catch (IOException | IllegalArgumentException misfit) {
            feed.outOfStep(brokerId, String.valueOf(misfit.getMessage()));
            end("what it sent does not lead on from version " + version);
            stop.run();
            return;
        }
        version = next.version();
        image = Optional.of(next);
        feed.received(next);
    }

    private MetadataImage next(FollowMetadataResponse response) throws IOException {
        if (response.getImage().isEmpty()) {
            MetadataImage before = image.orElseThrow(
                    () -> new IllegalArgumentException("a delta came where a whole image was asked for"));
            return DeltaFormat.decode(response.getDelta().toByteArray()).applyTo(before);
        }
        MetadataImage whole = ImageFormat.decode(response.getImage().toByteArray());
        if (whole.version() < version) {
            throw new IllegalArgumentException(
                    "a whole image of version " + whole.version() + " came, older than version " + version);
        }
        return whole;
    }

    @Override
    public void onError(Throwable failure) {
        end(String.valueOf(RemoteErrors.of(failure, "broker " + brokerId).getMessage()));
    }

    @Override
    public void onCompleted() {
        end("it ended the stream");
    }

    private void end(String reason) {
        if (!ended) {
            ended = true;
            feed.ended(brokerId, reason);
        }
    }
}
