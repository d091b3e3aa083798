package io.flotilla.architecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import org.jspecify.annotations.NullMarked;

/** A package without {@code @NullMarked} is one in which NullAway checks nothing. */
final class BeInNullMarkedPackage extends ArchCondition<JavaClass> {
    static final BeInNullMarkedPackage INSTANCE = new BeInNullMarkedPackage();

    private BeInNullMarkedPackage() {
        super("be in a package that is @NullMarked");
    }

    @Override
    public void check(JavaClass type, ConditionEvents events) {
        boolean marked = type.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(new SimpleConditionEvent(
                type, marked, type.getName() + " is in a package without @NullMarked package-info.java"));
    }
}
