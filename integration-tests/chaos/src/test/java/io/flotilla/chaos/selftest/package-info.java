@NullMarked
package io.flotilla.chaos.selftest;

import org.jspecify.annotations.NullMarked;
