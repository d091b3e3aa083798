package io.flotilla.junit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Gives the tests of a class a cluster, as parameters of type {@link io.flotilla.broker.embedded.EmbeddedCluster} and {@link
 * io.flotilla.client.FlotillaClient}. Nested classes share it.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@ExtendWith(FlotillaExtension.class)
public @interface FlotillaTest {
    /** Brokers, 1 to 9. */
    int brokers() default 1;

    /** Settings of every broker, each as a line of its configuration file, {@code name=value}. */
    String[] settings() default {};

    /**
     * Topics that are there before the first test, each as {@code name} or {@code name:partitions}; of one partition if
     * nothing else is said. Each has three replicas, or as many as there are brokers.
     */
    String[] topics() default {};

    /** How long a cluster lives. */
    Life life() default Life.CLASS;

    /** How long a cluster lives. */
    enum Life {
        /** One cluster for all tests of the class, which so see what other tests have left. */
        CLASS,
        /** A new cluster for each test. */
        METHOD
    }
}
