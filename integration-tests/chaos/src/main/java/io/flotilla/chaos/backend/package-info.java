/**
 * Where a cluster under test lives: processes on loopback, processes in network namespaces on file systems of their own,
 * or an operator's cluster elsewhere.
 */
@NullMarked
package io.flotilla.chaos.backend;

import org.jspecify.annotations.NullMarked;
