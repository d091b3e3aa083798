/** Reading, whatever protocol it comes by: bounded reads, waiting for records, and finding offsets. */
@NullMarked
package io.flotilla.broker.fetch;

import org.jspecify.annotations.NullMarked;
