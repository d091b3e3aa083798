/**
 * The HTTP port for those who watch a broker. The JDK's own server, with few threads and short limits of time: it serves
 * some machines that ask every few seconds, and nobody else should reach it.
 */
@NullMarked
package io.flotilla.broker.http;

import org.jspecify.annotations.NullMarked;
