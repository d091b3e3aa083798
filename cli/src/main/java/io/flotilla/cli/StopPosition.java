package io.flotilla.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Where {@code consume} ends in each partition, and what {@code topic trim} keeps. */
sealed interface StopPosition {

    /** What was committed when the command was started. */
    record End() implements StopPosition {}

    /** Before the record at this offset, 0 or more. */
    record BeforeOffset(long offset) implements StopPosition {}

    /** Reads {@code end} or an offset. */
    final class Converter implements ITypeConverter<StopPosition> {
        @Override
        public StopPosition convert(String text) {
            if (text.equalsIgnoreCase("end")) {
                return new End();
            }
            try {
                long offset = Long.parseLong(text);
                if (offset >= 0) {
                    return new BeforeOffset(offset);
                }
            } catch (NumberFormatException notAnOffset) {
                // One message for both.
            }
            throw new TypeConversionException("'" + text + "' is neither end nor an offset of 0 or more");
        }
    }
}
