package io.flotilla.cli.failure;

import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Prints every failure of a command line as three lines on stderr and turns it into the exit code. */
public final class FailureReporter implements IExecutionExceptionHandler, IParameterExceptionHandler {

    @Override
    public int handleExecutionException(Exception exception, CommandLine command, ParseResult parsed) {
        Object commandObject = command.getCommand();
        String task = commandObject instanceof Task named ? named.task() : command.getCommandName();
        int exitCode = report(Failure.of(task, exception), command);
        if (Failure.isBug(exception)) {
            exception.printStackTrace(command.getErr());
            command.getErr().flush();
        }
        return exitCode;
    }

    @Override
    public int handleParseException(ParameterException exception, String[] arguments) {
        CommandLine command = exception.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        return report(
                new Failure(
                        "cannot understand the command line of `" + name + "`",
                        exception.getMessage() + suggestion(exception),
                        "`" + name + " --help`",
                        ExitCode.USAGE),
                command);
    }

    private static String suggestion(ParameterException exception) {
        if (exception instanceof UnmatchedArgumentException unmatched) {
            var suggestions = unmatched.getSuggestions();
            if (!suggestions.isEmpty()) {
                return "; did you mean " + String.join(" or ", suggestions) + "?";
            }
        }
        return "";
    }

    private static int report(Failure failure, CommandLine command) {
        command.getErr().print(failure.text());
        command.getErr().flush();
        return failure.exitCode().number();
    }
}
