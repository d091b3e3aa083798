/**
 * One broker process. {@link io.flotilla.broker.Broker} wires it by hand, in one place: data folder and identity
 * ({@code identity}), forming or joining a cluster ({@code formation}), the cluster's metadata as this broker knows it
 * ({@code metadata}), and the gRPC edge ({@code grpc}) over the plain services that append and read
 * ({@code produce}, {@code fetch}) and the coordinator of consumer groups ({@code group}).
 */
@NullMarked
package io.flotilla.broker;

import org.jspecify.annotations.NullMarked;
