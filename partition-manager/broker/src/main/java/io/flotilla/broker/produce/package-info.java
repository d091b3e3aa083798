/** Appending, whatever protocol it comes by: checks, budgets and the identities of producers. */
@NullMarked
package io.flotilla.broker.produce;

import org.jspecify.annotations.NullMarked;
