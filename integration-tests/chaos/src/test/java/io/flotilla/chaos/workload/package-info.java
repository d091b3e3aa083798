/** Tests of what workloads write and recognise. */
@NullMarked
package io.flotilla.chaos.workload;

import org.jspecify.annotations.NullMarked;
