@NullMarked
package io.flotilla.chaos.report;

import org.jspecify.annotations.NullMarked;
