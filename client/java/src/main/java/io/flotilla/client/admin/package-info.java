/** The admin calls: requests and answers to and from the wire. No public API. */
@NullMarked
package io.flotilla.client.admin;

import org.jspecify.annotations.NullMarked;
