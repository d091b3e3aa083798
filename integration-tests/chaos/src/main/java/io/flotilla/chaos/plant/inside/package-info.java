/**
 * What runs inside of brokers: the helpers that the rules of planted bugs and of failpoints call. Byteman makes a subclass of
 * each, so they are public and have public constructors; nothing else uses them.
 */
@NullMarked
package io.flotilla.chaos.plant.inside;

import org.jspecify.annotations.NullMarked;
