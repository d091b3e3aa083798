/**
 * A cluster for tests of programs that use one: {@link io.flotilla.junit.FlotillaTest} on a test class, or {@link
 * io.flotilla.junit.FlotillaExtension} in one of its fields, starts brokers inside the test's JVM, gives tests a client of
 * them, and lets tests break them. Works with JUnit Jupiter 5 and 6.
 */
@NullMarked
package io.flotilla.junit;

import org.jspecify.annotations.NullMarked;
