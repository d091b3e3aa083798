/**
 * What an operator can set. {@link io.flotilla.broker.config.BrokerKeys} is the table of every setting,
 * {@link io.flotilla.broker.config.ConfigSources} gathers values from flags, environment and file (in that order of
 * precedence), and {@link io.flotilla.broker.config.BrokerConfig} is the checked result that the broker runs on.
 * Everything here is immutable.
 */
@NullMarked
package io.flotilla.broker.config;

import org.jspecify.annotations.NullMarked;
